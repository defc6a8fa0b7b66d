"""``airbyte-agent-notion sandbox``: what it prints can be used as it stands."""

import os
import re
import signal
import subprocess
import sys

import httpx
import pytest
from browser import read

from airbyte_agent_notion import NotionOAuthCredentials
from airbyte_agent_notion.oauth import SyncNotionOAuth


@pytest.mark.sockets
@pytest.mark.enable_socket
def test_the_authorization_url_that_is_printed_leads_to_a_grant() -> None:
    command = [sys.executable, "-m", "airbyte_agent_notion_cli", "sandbox"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout is not None
        printed = ""
        while "Ctrl-C" not in printed:
            line = process.stdout.readline()
            assert line, printed
            printed += line
        [url] = re.findall(r"http://\S+/v1/oauth/authorize\?\S+", printed)
        [(client_id, secret)] = re.findall(r"client id is (\S+), its secret (\S+)\n", printed)
        with httpx.Client(trust_env=False) as browser:
            page = read(browser.get(url).text)
            assert page.title == "Sandbox app wants to access Brightkeel"
            form = {**dict(page.forms[0].fields), "decision": "allow"}
            back = browser.post(url.partition("?")[0], data=form).headers["location"]
        assert back.startswith("http://localhost:8000/callback?code=")
        app = SyncNotionOAuth(
            NotionOAuthCredentials(client_id=client_id, client_secret=secret), base_url=url.partition("/v1/")[0]
        )
        code = httpx.URL(back).params["code"]
        pair = app.create_token(code=code, redirect_uri="http://localhost:8000/callback")
        assert pair["access_token"] not in printed
        app.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        process.stdout.read()

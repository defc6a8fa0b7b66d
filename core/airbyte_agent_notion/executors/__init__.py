"""Where operations run: ``local`` against Notion with the developer's own token, ``oauth`` with an app's."""

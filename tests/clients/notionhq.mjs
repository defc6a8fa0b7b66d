// Calls @notionhq/client as it is told, until its input ends: JSON lines in, JSON lines out.
//
//   node notionhq.mjs --version
//   node notionhq.mjs '{"auth": ..., "baseUrl": ..., "notionVersion": ...}'
//
// In: {"call": "blocks.children.list", "args": {...}, "helper"?: "collect", "first"?: 3}.
// Out: {"result": ...} or {"error": {...}}, with what the client wanted to wait, in milliseconds, since the last answer.
// A value {"$file": {"name", "type", "base64"}} in the arguments is a file to send.
// The package is looked for where NOTIONHQ_CLIENT says, or where node looks from here.

import { createRequire } from "node:module"
import { join } from "node:path"
import { createInterface } from "node:readline"

const folder = process.env.NOTIONHQ_CLIENT
const require = createRequire(folder ? join(folder, "none.js") : import.meta.url)

if (process.argv[2] === "--version") {
  console.log(require("@notionhq/client/package.json").version)
  process.exit()
}

const client = require("@notionhq/client")
const notion = new client.Client({ ...JSON.parse(process.argv[2]), logLevel: client.LogLevel.ERROR })

// Waits between tries are noted and not waited. The method is the client's own: our version of it is pinned.
const waits = []
notion.sleep = async milliseconds => void waits.push(milliseconds)

const helpers = {
  together: (call, args) => Promise.all(args.every.map(call)),
  collect: (call, args) => client.collectPaginatedAPI(call, args),
  iterate: (call, args, first) => firstOf(client.iteratePaginatedAPI(call, args), first),
  templates: (_, args) => client.collectDataSourceTemplates(notion, args),
  rows: (_, args) => client.collectAllDataSourceRows(notion, args),
}

async function firstOf(items, first) {
  const found = []
  for await (const item of items) {
    found.push(item)
    if (found.length === first) break
  }
  return found
}

function method(name) {
  const path = name.split(".")
  const last = path.pop()
  const owner = path.reduce((object, key) => object[key], notion)
  return args => owner[last](args)
}

function revive(_, value) {
  if (!value?.$file) return value
  const { name, type, base64 } = value.$file
  return { filename: name, data: new Blob([Buffer.from(base64, "base64")], { type }) }
}

function described(error) {
  return {
    kind: error.name,
    code: error.code ?? null,
    status: error.status ?? null,
    message: error.message,
    request_id: error.request_id ?? null,
    additional_data: error.additional_data ?? null,
    own: client.isNotionClientError(error),
    api: client.APIResponseError.isAPIResponseError(error),
  }
}

async function answer(line) {
  const { call, args, helper, first } = JSON.parse(line, revive)
  try {
    const result = helper ? await helpers[helper](method(call), args, first) : await method(call)(args)
    return { result }
  } catch (error) {
    return { error: described(error) }
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify({ ...(await answer(line)), waits: waits.splice(0) }))
}

// A request that the client gave up is not waited for.
process.exit()

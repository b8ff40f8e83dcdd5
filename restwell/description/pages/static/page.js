// The page of a resource: shows its responses, and sends what its forms say.

const { elementUrl, elementVariable, shownCharacters } = document.body.dataset;
const current = document.querySelector("#current"); // holds the response to GET of this page's URL
const confirmation = document.querySelector("#confirmation");
const wholeBodies = new WeakMap(); // the Blob of each result's body, where the page has it
const initialValues = new WeakMap(); // what each field of a form said when it was filled, as JSON

// -- JSON as nodes

const TOKENS = /"(?:[^"\\]|\\.)*(?:"|$)|[{}[\],:]|[^\s"{}[\],:]+/g;
const FOLLOWED = /^(?:https?:\/\/[^\s"<>{}]+|\/(?!\/)[^\s"<>{}\\]*)$/;
const PLACES_OF_ELEMENTS = ["{", "[{", "{[{"]; // one element, a list of them, a list in an envelope

/** JSON text with lines, colours and links. It is formatted without being parsed: each number stays as it was sent. */
function highlighted(text) {
  const fragment = document.createDocumentFragment();
  const tokens = text.match(TOKENS) ?? [];
  const parents = [];
  let line;
  const startLine = () => {
    line?.append("\n");
    line = element("span", "  ".repeat(parents.length), { className: "line" });
    line.style.setProperty("--indent", `${2 * parents.length + 2}ch`);
    fragment.append(line);
  };
  startLine();
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (token === "{" || token === "[") {
      line.append(token);
      parents.push({ bracket: token, isEmpty: next === "}" || next === "]" });
      if (!parents.at(-1).isEmpty) startLine();
    } else if (token === "}" || token === "]") {
      if (!parents.pop()?.isEmpty) startLine();
      line.append(token);
    } else if (token === ",") {
      line.append(token);
      startLine();
    } else if (token === ":") {
      line.append(": ");
    } else if (next === ":") {
      if (parents.length) parents.at(-1).key = unquoted(token);
      line.append(element("span", token, { className: "key" }));
    } else {
      const className = token.startsWith('"') ? "string" : /^[-\d]/.test(token) ? "number" : "literal";
      const url = urlOf(token, parents);
      line.append(url ? link(url, token, className) : element("span", token, { className }));
    }
  });
  return fragment;
}

/** Where a scalar leads: to the URL that it is, or to the element of the page's collection whose id it is. */
function urlOf(token, parents) {
  const value = unquoted(token);
  if (token.startsWith('"') && FOLLOWED.test(value)) return value;
  const key = parents.at(-1)?.key;
  if (!elementUrl || !key || !value) return null;
  const isId = key === elementVariable || elementVariable.endsWith(`_${key}`);
  const isElement = isId && PLACES_OF_ELEMENTS.includes(parents.map((parent) => parent.bracket).join(""));
  return isElement ? elementUrl.replace("{}", encodeURIComponent(value)) : null;
}

function unquoted(token) {
  try {
    return String(JSON.parse(token));
  } catch {
    return token; // the last one of a body that is cut
  }
}

function element(name, text, properties = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...properties });
}

function link(href, text, className = "") {
  return element("a", text, { href, className, rel: "noreferrer" });
}

/** Parse JSON so that it is written again with the numbers that it had, however long they are. */
function parsed(text) {
  return JSON.parse(text, (_, value, context) =>
    typeof value === "number" && context ? number(context.source) : value,
  );
}

function number(text) {
  try {
    return JSON.rawJSON(text);
  } catch {
    return Number(text); // an older browser, or ".5"
  }
}

/** A value as the text of a form field, a query parameter or a header. */
function asText(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

// -- responses

function header(result, name) {
  const terms = [...(result?.querySelectorAll("dt") ?? [])];
  return terms.find((term) => term.textContent.toLowerCase() === name)?.nextElementSibling.textContent ?? null;
}

const RELATIONS = { first: "First page", prev: "Previous page", next: "Next page", last: "Last page" };

/** Highlight the body that a result shows as text, and make links of what its headers refer to. */
function enhance(result) {
  const body = result.querySelector("pre");
  if (/\bjson\b/.test(header(result, "content-type"))) body.replaceChildren(highlighted(body.textContent));
  const links = result.querySelector(".links");
  const target = header(result, "location");
  if (target) links.append(link(target, target));
  for (const [, url, relation] of (header(result, "link") ?? "").matchAll(/<([^>]*)>\s*;\s*rel="?(\w+)"?/g)) {
    links.append(link(url, RELATIONS[relation] ?? relation));
  }
  links.hidden = !links.hasChildNodes();
}

/** Put a response in a place of the page; gives its body as text. */
async function show(response, place, requestLine) {
  const result = document.querySelector("#result").content.cloneNode(true).firstElementChild;
  const status = result.querySelector(".status");
  status.textContent = `${response.status} ${response.statusText}`.trim();
  status.dataset.class = Math.floor(response.status / 100);
  result.querySelector(".request-line").textContent = requestLine;
  for (const [name, value] of response.headers) {
    const group = element("div", "");
    group.append(element("dt", name), element("dd", value));
    result.querySelector("dl").append(group);
  }
  const blob = await response.blob();
  wholeBodies.set(result, blob);
  const isText = /^text\/|\b(json|xml)\b/.test(blob.type);
  const text = isText ? await blob.text() : blob.size ? `${blob.size} bytes of ${blob.type || "an unknown type"}` : "";
  result.querySelector("pre").textContent = text.slice(0, shownCharacters);
  result.querySelector(".cut").hidden = text.length <= shownCharacters;
  result.querySelector(".body").hidden = !text;
  enhance(result);
  place.replaceChildren(result);
  place.hidden = false;
  return text;
}

/** Open the whole body of a result as the server sent it. */
async function openRaw(result) {
  const blob = wholeBodies.get(result) ?? (await (await send("GET", location.href)).blob());
  window.open(URL.createObjectURL(blob));
}

/** Send a request as any client would: it is answered in JSON, not by this page. */
function send(method, url, headers = {}, body = undefined) {
  const token = document.querySelector("#token")?.value.trim();
  headers = { Accept: "application/json, */*;q=0.5", ...headers };
  if (token) headers.Authorization = `Bearer ${token}`;
  return fetch(url, { method, headers, body, cache: "no-store" });
}

/** Show what is at the page's URL now. */
async function refresh() {
  const response = await send("GET", location.href);
  if (response.redirected) return location.assign(response.url);
  prefill(await show(response, current, `GET ${location.pathname}`));
}

// -- what the forms say

class Unreadable extends Error {
  constructor(field, message) {
    super(message);
    this.field = field;
  }
}

/** The fields directly inside of a form, an object or a list. */
function fieldsIn(container) {
  return [...container.querySelectorAll(".field")].filter(
    (field) => field.parentElement.closest(".field, form") === container,
  );
}

function controlOf(field) {
  return field.querySelector("input, select, textarea");
}

/** The value of a field; undefined when it says nothing. */
function valueOf(field) {
  const { name, kind, required, filled } = field.dataset;
  const isWanted = required !== undefined || filled !== undefined;
  if (kind === "object") {
    const parts = fieldsIn(field).map((part) => [part.dataset.name, valueOf(part)]);
    const said = parts.filter(([, value]) => value !== undefined);
    return isWanted || said.length ? Object.fromEntries(said) : undefined;
  }
  if (kind === "list") {
    const elements = fieldsIn(field).map((part) => valueOf(part) ?? "");
    return isWanted || elements.length ? elements : undefined;
  }
  const control = controlOf(field);
  if (kind === "boolean") {
    return isWanted || control.checked || control.defaultChecked ? control.checked : undefined;
  }
  if (kind === "file") return control.files.length ? control.files[0] : undefined;
  if (control.validity.badInput) throw new Unreadable(field, `${name || "This"} is not a ${kind}.`);
  if (!control.value.trim()) return undefined;
  if (kind === "number") return number(control.value);
  if (kind === "choice") return parsed(control.value);
  if (kind !== "json" && kind !== "any") return control.value;
  try {
    return parsed(control.value);
  } catch (error) {
    if (kind === "any") return control.value;
    throw new Unreadable(field, `This is not JSON: ${error.message}`);
  }
}

/** What a form says: pairs of names and values by location; of PATCH only what has changed since it was filled. */
function argumentsOf(form) {
  const said = { json: [], form: [], query: [], header: [] };
  for (const field of fieldsIn(form)) {
    const { name, kind, location, nullable } = field.dataset;
    let value = valueOf(field);
    if (form.dataset.method === "PATCH") {
      const initial = initialValues.get(field);
      if (JSON.stringify(value) === initial) continue;
      if (value === undefined) value = nullable !== undefined || kind === "number" ? null : "";
    }
    if (value !== undefined) said[location].push([name, value]);
  }
  return said;
}

function bodyOf(form, { json, form: formOnly }) {
  const pairs = [...json, ...formOnly];
  if (form.dataset.encoding === "multipart") {
    const data = new FormData();
    for (const [name, value] of pairs) {
      for (const single of Array.isArray(value) ? value : [value]) {
        data.append(name, single instanceof File ? single : asText(single));
      }
    }
    return data;
  }
  if (!pairs.length && form.dataset.method === "DELETE") return undefined;
  const [[name, value] = []] = pairs;
  if (name === "") return JSON.stringify(value); // a single control for the whole body
  return fieldsIn(form).some((field) => field.dataset.name === "") ? undefined : JSON.stringify(Object.fromEntries(pairs));
}

/** Make a field say a value, as if it had been loaded with it. */
function fill(field, value) {
  if (value === undefined || value === null) return;
  field.dataset.filled = "";
  const { kind } = field.dataset;
  if (kind === "object") {
    for (const part of fieldsIn(field)) fill(part, value[part.dataset.name]);
  } else if (kind === "list") {
    field.querySelector(".elements").replaceChildren();
    for (const single of Array.isArray(value) ? value : [value]) fill(addElement(field), single);
  } else if (kind === "boolean") {
    const control = controlOf(field);
    control.checked = control.defaultChecked = value === true || value === "true";
  } else if (kind === "choice") {
    const options = [...controlOf(field).options];
    const chosen = options.find((option) => option.value === JSON.stringify(value) || option.text === value);
    for (const option of options) option.selected = option.defaultSelected = option === chosen;
  } else if (kind !== "file") {
    const control = controlOf(field);
    control.value = control.defaultValue = asText(value);
  }
}

let elementCount = 0;

function addElement(field) {
  const added = field.querySelector("template").content.cloneNode(true).firstElementChild;
  elementCount += 1;
  for (const node of added.querySelectorAll("[id], [for], [aria-describedby]")) {
    for (const attribute of ["id", "for", "aria-describedby"]) {
      const ids = node.getAttribute(attribute);
      if (ids) node.setAttribute(attribute, ids.replaceAll(/\S+/g, `$&-${elementCount}`));
    }
  }
  field.querySelector(".elements").append(added);
  return added.querySelector(".field");
}

/** Fill the forms that change the resource with what it says, and the form of GET with the query of the URL. */
function prefill(body) {
  let resource = {};
  try {
    resource = parsed(body);
  } catch {
    // no JSON, or only the beginning of it
  }
  for (const form of document.querySelectorAll('form[data-method="PUT"], form[data-method="PATCH"]')) {
    for (const field of fieldsIn(form)) {
      if (field.dataset.location === "json" && field.dataset.name) fill(field, resource?.[field.dataset.name]);
      initialValues.set(field, JSON.stringify(valueOf(field)));
    }
  }
  const query = new URLSearchParams(location.search);
  for (const field of document.querySelectorAll('form[data-method="GET"] > .field')) {
    const values = query.getAll(field.dataset.name);
    if (values.length) fill(field, field.dataset.kind === "list" ? values : values[0]);
  }
}

// -- errors beside their fields

function fieldsByPath(container, path = "") {
  return fieldsIn(container).flatMap((field, index) => {
    const { name } = field.dataset;
    const own = container.dataset.kind === "list" ? `${path}[${index}]` : path ? `${path}.${name}` : name;
    return [[own, field], ...fieldsByPath(field, own)];
  });
}

/** Say in a form why it was refused, and move the focus to the first field that is to blame. */
function showFailures(form, failures) {
  const fields = new Map(fieldsByPath(form));
  const blamed = new Set();
  for (const [path, message] of failures) {
    let closest = path;
    while (closest && !fields.has(closest)) closest = closest.replace(/(^|\.)[^.[]*$|\[[^[]*$/, "");
    const field = fields.get(closest);
    const place = field?.querySelector(":scope > .error") ?? form.querySelector("[data-summary]");
    place.append(element("span", field && closest === path ? message : `${path}: ${message}`));
    place.hidden = false;
    if (field) blamed.add(field);
  }
  for (const field of blamed) (field.matches("fieldset") ? field : controlOf(field)).setAttribute("aria-invalid", "true");
  const first = [...fields.values()].find((field) => blamed.has(field));
  (first?.matches("fieldset") ? first : first && controlOf(first))?.focus();
}

function clearFailures(form) {
  for (const place of form.querySelectorAll(".error")) {
    place.replaceChildren();
    place.hidden = true;
  }
  for (const node of form.querySelectorAll("[aria-invalid]")) node.removeAttribute("aria-invalid");
}

/** The messages of an error body by path, in the shapes that the API has for its errors. */
function failuresIn(text) {
  try {
    const body = JSON.parse(text);
    const failures = [body.errors, body.message].find((part) => part && typeof part === "object");
    return Object.entries(failures ?? {}).map(([path, message]) => [path, asText(message)]);
  } catch {
    return [];
  }
}

// -- sending

async function submit(form) {
  const { method } = form.dataset;
  clearFailures(form);
  let said;
  try {
    said = argumentsOf(form);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const path = fieldsByPath(form).find(([, field]) => field === error.field)[0];
    return showFailures(form, [[path, error.message]]);
  }
  const url = new URL(location.href);
  const query = said.query.flatMap(([name, value]) => [value].flat().map((single) => [name, asText(single)]));
  if (method === "GET") {
    url.search = new URLSearchParams(query);
    return location.assign(url);
  }
  for (const [name, value] of query) url.searchParams.append(name, value);
  if (method === "DELETE" && !(await isConfirmed())) return;

  const headers = Object.fromEntries(said.header.map(([name, value]) => [name, asText(value)]));
  const entityTag = header(current.firstElementChild, "etag");
  if (entityTag && method !== "POST") headers["If-Match"] = entityTag;
  const body = bodyOf(form, said);
  if (typeof body === "string") headers["Content-Type"] = "application/json";

  const progress = form.querySelector("[role=status]");
  const start = performance.now();
  const button = form.querySelector("button:not([type])");
  const place = form.parentElement.querySelector(".answer");
  button.disabled = true;
  form.setAttribute("aria-busy", "true");
  progress.textContent = "Sending…";
  try {
    const response = await send(method, url, headers, body);
    if (response.redirected) return location.assign(response.url);
    const text = await show(response, place, `${method} ${url.pathname}`);
    progress.textContent = `Answered with ${response.status} in ${Math.round(performance.now() - start)} ms`;
    if (!response.ok) return showFailures(form, failuresIn(text));
    if (method === "POST") form.reset();
    await refresh();
  } catch (error) {
    progress.textContent = `No answer: ${error.message}`;
  } finally {
    button.disabled = false;
    form.removeAttribute("aria-busy");
  }
}

function isConfirmed() {
  confirmation.returnValue = "cancel";
  confirmation.showModal();
  return new Promise((resolve) => {
    confirmation.addEventListener("close", () => resolve(confirmation.returnValue === "confirm"), { once: true });
  });
}

document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog") return;
  event.preventDefault();
  if (event.target.id === "authorization") refresh();
  else submit(event.target);
});

document.addEventListener("reset", (event) => {
  for (const elements of event.target.querySelectorAll(".elements")) elements.replaceChildren();
});

document.addEventListener("click", (event) => {
  const { action } = event.target.dataset;
  if (action === "raw") openRaw(event.target.closest(".result"));
  if (action === "add") controlOf(addElement(event.target.closest(".field"))).focus();
  if (action === "remove") {
    const field = event.target.closest(".field");
    event.target.closest(".element").remove();
    field.querySelector(":scope > [data-action=add]").focus();
  }
});


prefill(current.querySelector("pre").textContent);
enhance(current.firstElementChild);

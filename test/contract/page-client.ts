import { type Answer, ask } from './ask.ts';

/** Opens pages and sends their forms as a browser without scripts does, and keeps its cookies. */
export interface PageClient {
  /** The page that is open; throws before one is. */
  page(): Answer;
  /** Open a path. A redirection is not followed. */
  open(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Press the button with this text on the open page: its form is sent, with these fields filled in. */
  press(button: string, fields?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The names of the cookies that it holds. */
  cookies(): string[];
}

/** The form that a button sends. */
interface PageForm {
  readonly action: string | undefined;
  readonly method: string;
  readonly hidden: Readonly<Record<string, string>>;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/** The value of an attribute within a tag, with its entities read. */
function attribute(tag: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(tag) ?? [];
  return value?.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

/** The form of a button. Throws where the page has no such button in a form. */
function formOf(html: string, button: string): PageForm {
  const forms = html.match(/<form\b[\s\S]*?<\/form>/g) ?? [];
  const form = forms.find((one) =>
    (one.match(/<button\b[\s\S]*?<\/button>/g) ?? []).some(
      (tag) => tag.replace(/<[^>]*>/g, '').trim() === button,
    ),
  );
  if (form === undefined) throw new Error(`no form has a button "${button}":\n${html}`);
  const [opening = ''] = /<form\b[^>]*>/.exec(form) ?? [];
  const inputs = (form.match(/<input\b[^>]*>/g) ?? []).filter((tag) => attribute(tag, 'type') === 'hidden');
  return {
    action: attribute(opening, 'action') || undefined,
    method: (attribute(opening, 'method') ?? 'get').toUpperCase(),
    hidden: Object.fromEntries(
      inputs.map((tag) => [attribute(tag, 'name') ?? '', attribute(tag, 'value') ?? '']),
    ),
  };
}

/** A client of the pages at `origin`, without any cookie. */
export function createPageClient(origin: string): PageClient {
  const jar = new Map<string, string>();
  let current: { url: string; answer: Answer } | undefined;

  const keepCookies = ({ headers }: Answer) => {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', ...value] = pair.split('=');
      if (attributes.some((one) => /^max-age=0$|^expires=thu, 01 jan 1970/i.test(one))) jar.delete(name);
      else jar.set(name, value.join('='));
    }
  };
  const send = async (url: string, question: Parameters<typeof ask>[1]): Promise<Answer> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie && { Cookie: cookie }), Accept: 'text/html', ...question?.headers };
    const answer = await ask(url, { ...question, headers });
    keepCookies(answer);
    current = { url, answer };
    return answer;
  };
  const opened = () => {
    if (!current) throw new Error('no page is open');
    return current;
  };

  return {
    page: () => opened().answer,
    open: (path, headers = {}) => send(new URL(path, origin).href, { headers }),
    press(button, fields = {}) {
      const { url, answer } = opened();
      const { action, method, hidden } = formOf(answer.text, button);
      const target = new URL(action ?? url, url);
      const form = { ...hidden, ...fields };
      if (method !== 'GET') {
        return send(target.href, { method, form, headers: { Origin: new URL(origin).origin } });
      }
      target.search = new URLSearchParams(form).toString();
      return send(target.href, {});
    },
    cookies: () => [...jar.keys()],
  };
}

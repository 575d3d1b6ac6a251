/** Have a key replaced by another, as Zulip's clients do. Gives the new one; throws where the answer is no 200. */
export async function regenerate(url: string, username: string, apiKey: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/users/me/api_key/regenerate`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from(`${username}:${apiKey}`).toString('base64')}` },
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`a regeneration is answered ${response.status}: ${text}`);
  return (JSON.parse(text) as { api_key: string }).api_key;
}

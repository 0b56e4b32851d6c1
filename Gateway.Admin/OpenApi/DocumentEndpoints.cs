using System.Text;
using Gateway.Admin.Transport;
using Gateway.Core.Configuration;

namespace Gateway.Admin.OpenApi;

/// <summary>The document and a page that shows it (section 2.17). The page needs no other host: its script stands in it.</summary>
internal static class DocumentEndpoints
{
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'";

    public static void MapDocument(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<HubOptions>().DocsEnabled)
        {
            return;
        }
        var document = new Lazy<byte[]>(() => Encoding.UTF8.GetBytes(OpenApiDocument.Create(app.Services.GetRequiredService<EndpointDataSource>()).ToJsonString()));
        app.MapGet("/openapi.json", http => WriteAsync(http, "application/json; charset=utf-8", document.Value));
        app.MapGet("/docs", http =>
        {
            http.Response.Headers.ContentSecurityPolicy = Policy;
            return WriteAsync(http, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(Page));
        });
        app.MapGet("/api/docs", http => RedirectAsync(http));
        app.MapGet("/api/v1/docs", http => RedirectAsync(http));
    }

    private static Task RedirectAsync(HttpContext http)
    {
        http.Response.Redirect("/docs");
        return Task.CompletedTask;
    }

    private static async Task WriteAsync(HttpContext http, string contentType, byte[] body)
    {
        http.AddBrowserHeaders();
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private const string Page = """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>OneUIHub Gateway API</title>
        <style>
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}summary{cursor:pointer;padding:.3rem}
        code,pre,textarea,input{font:13px/1.5 ui-monospace,monospace}pre{background:#f4f4f5;padding:.7rem;overflow:auto}textarea,input{width:100%;box-sizing:border-box}
        b.m{display:inline-block;width:4.5rem}small{color:#666}details{border-top:1px solid #ddd}
        </style></head><body><h1>OneUIHub Gateway API</h1>
        <p><a href="/openapi.json">openapi.json</a></p><p><label>Access token for trying routes<input id="token" autocomplete="off"></label></p><div id="routes">Loading</div>
        <script>
        const make = (tag, text, parent) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; if (parent) parent.append(e); return e; };
        const show = (doc, schema, depth) => {
          if (schema && schema.$ref) schema = doc.components.schemas[schema.$ref.split('/').pop()];
          if (!schema || depth > 4) return null;
          if (schema.anyOf) return show(doc, schema.anyOf[0], depth);
          if (schema.type === 'array') return [show(doc, schema.items, depth + 1)];
          if (schema.type === 'object') { const o = {}; for (const [k, v] of Object.entries(schema.properties || {})) o[k] = show(doc, v, depth + 1); return o; }
          return schema.format || schema.type || null;
        };
        fetch('/openapi.json').then(r => r.json()).then(doc => {
          const root = document.getElementById('routes'); root.textContent = '';
          for (const [path, item] of Object.entries(doc.paths)) for (const [method, op] of Object.entries(item)) {
            const box = make('details', undefined, root), head = make('summary', undefined, box);
            make('b', method.toUpperCase(), head).className = 'm'; make('code', path, head); make('small', op['x-access'] ? '  ' + op['x-access'] : '  public', head);
            const body = op.requestBody && show(doc, op.requestBody.content['application/json'].schema, 0);
            for (const p of op.parameters) make('div', p.in + ': ' + p.name + (p.required ? ' (required)' : ''), box);
            const input = body ? make('textarea', JSON.stringify(body, null, 1), box) : null; if (input) input.rows = 6;
            const ok = op.responses['200'] || op.responses['201'];
            make('pre', JSON.stringify(show(doc, ok.content['application/json'].schema, 0), null, 1), box);
            const url = make('input', undefined, box); url.value = path; const go = make('button', 'Send', box), out = make('pre', '', box);
            go.onclick = async () => {
              const token = document.getElementById('token').value, headers = input ? { 'Content-Type': 'application/json' } : {};
              if (token) headers.Authorization = 'Bearer ' + token;
              const r = await fetch(url.value, { method: method.toUpperCase(), headers, body: input ? input.value : undefined });
              out.textContent = r.status + '\n' + await r.text();
            };
          }
        });
        </script></body></html>
        """;
}

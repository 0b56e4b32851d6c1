using Gateway.Admin.Conventions;
using Gateway.Core.Configuration;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Gateway.Admin.OpenApi;

/// <summary>
/// What a reader sees first: what the API is, how to get in, and what holds everywhere. Then its areas, and what is not a route.
/// </summary>
internal sealed class StartPage : IOpenApiDocumentTransformer
{
    public const string Bearer = "bearer";

    private const string Welcome = """
        Two APIs in one place: **`/v1`** takes the calls of OpenAI clients, **`/api/v1`** manages accounts, keys, models, limits and
        money.

        ## Get a token

        Everything under `/api/v1` that changes or shows something of somebody needs an access token:

        ```sh
        curl localhost:8080/api/v1/auth/login -H "Content-Type: application/json" \
          -d '{"email":"admin@example.com","password":"..."}'
        ```

        `token` in the answer goes into `Authorization: Bearer <token>`; on this page, into **Authorize**. In Development the first start
        prints the first admin's email and password; in Production they are `ADMIN_EMAIL` and `ADMIN_PASSWORD`. A token lasts a day;
        `POST /api/v1/auth/refresh` gives the next one. Scripts use a machine token instead (`POST /api/v1/admin/access-tokens`).

        ## Make a key

        Calls under `/v1` need an API key. Its text is in the answer that makes it, and nowhere else:

        ```sh
        curl localhost:8080/api/v1/users/me/api-keys -H "Authorization: Bearer $TOKEN" \
          -H "Content-Type: application/json" -d '{"name":"ci","max_budget":5,"budget_duration":"monthly"}'
        ```

        ## Make the first call

        ```sh
        curl localhost:8080/v1/chat/completions -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \
          -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}]}'
        ```

        `GET /v1/models` lists the models that the key may call, `GET /v1/key` what it may still spend.

        ## Lists

        `limit` (50 if not sent, at most 200) and `offset` choose the rows; `total_count` and `has_more` stand beside them. Short
        lists, such as tiers, models and users, show up to 1,000 rows when neither is sent. The order never changes between pages.

        ## Changes

        `PUT` and `PATCH` do the same: they change the members that are sent. `null` clears a member that may be empty. Unknown
        members are ignored, except that one which looks like a limit is refused: what was to be limited would be unlimited otherwise.

        ## Errors

        Every error has the same body: `error` is a sentence, `code` never changes, `details` names each wrong member, and `request_id`
        (also the header `X-Request-Id`) finds the request in the log. `429` and some `503` carry `Retry-After`.

        ## Limits

        Requests and tokens (a minute, a day), calls at the same time and money (any period) can be limited for keys, users, teams, tiers,
        and models of a tier. All limits that apply to a call are checked together, before it is forwarded. A call that does not fit gets
        429, and `error.gateway` says whose limit it is, what is left and when it resets. The management API itself takes 600 requests a
        minute from a user, 100 from an address that is not signed in.

        Money is in USD, as JSON numbers. Times are UTC.
        """;

    private static readonly Dictionary<string, string> Areas = new()
    {
        ["v1"] = "Calls to models, as OpenAI's API has them, with an API key. Any OpenAI client works when it is pointed here.",
        ["auth"] = "Sign up, in and out.",
        ["me"] = "The account of the caller.",
        ["users"] = "A user's own account, keys, budget and usage. `me` stands for the own id.",
        ["api-keys"] = "Change, renew and delete API keys.",
        ["balance"] = "The caller's balance.",
        ["transactions"] = "The caller's payments.",
        ["requests"] = "The caller's calls, as the ledger has them. Staff see everybody's.",
        ["companies"] = "Who makes the models. Open to everybody.",
        ["models"] = "Models and their prices. Open to everybody.",
        ["chats"] = "The caller's chats. A chat of somebody else does not exist for the caller, whatever the role.",
        ["llm"] = "Chat models with prices per thousand tokens, open to everybody; and messages, which are calls like those of `/v1`.",
        ["stream"] = "A message in the URL, for clients that read an `EventSource`.",
        ["profile"] = "What the caller tells of themselves, for the answers in chats.",
        ["files"] = "The caller's files, for messages to attach.",
        ["tiers"] = "Tiers that users can be in. Open to everybody.",
        ["rate-limits"] = "Rate limits of tiers. Open to everybody.",
        ["currencies"] = "Currencies and exchange rates, for display only: everything is charged in USD.",
        ["admin: users"] = "Make, change, approve and delete users.",
        ["admin: approve"] = "Approve users of a free tier.",
        ["admin: access-tokens"] = "Machine tokens: credentials of scripts for this API.",
        ["admin: upstreams"] = "Where calls may go: LiteLLM, providers, servers that speak as OpenAI does.",
        ["admin: teams"] = "Teams, which share limits and budgets.",
        ["admin: tiers"] = "Tiers, with the limits that each of their users gets.",
        ["admin: rate-limits"] = "Limits on requests, tokens and calls at the same time.",
        ["admin: budgets"] = "Limits on money, of any period; and LiteLLM's own budgets.",
        ["admin: models"] = "Models, the sync with LiteLLM, and LiteLLM's own models.",
        ["admin: model-configs"] = "Switches and prices of models.",
        ["admin: companies"] = "The companies that make the models.",
        ["admin: deleted"] = "What was deleted here although LiteLLM still has it.",
        ["admin: upload"] = "Logos of companies.",
        ["admin: transactions"] = "Payments, and corrections of balances.",
        ["admin: currencies"] = "Fetch exchange rates.",
        ["admin: requests"] = "The calls of all users, as the ledger has them.",
        ["admin: usage"] = "Usage and cost, added up by user, key, model, team, tier, tag, end user, day or hour.",
        ["admin: node"] = "The process that answers, and whether it pays from budgets.",
        ["admin: ledger"] = "Check and export the ledger.",
        ["admin: settings"] = "Values that can be changed while the gateway runs.",
        ["admin: events"] = "Thresholds that were passed, budgets that are used up, findings.",
        ["admin: audit-logs"] = "Who changed what, and when.",
        ["admin: litellm"] = "What the pages of an admin read of LiteLLM: models, keys, spend.",
        ["system"] = "Health, metrics and files.",
    };

    public async Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.Info = new OpenApiInfo
        {
            Title = "OneUIHub Gateway",
            Version = ProductVersion.Text,
            Description = Welcome,
        };
        document.Servers = [];
        document.AddComponent(ErrorAnswers.Schema, await context.GetOrCreateSchemaAsync(typeof(ErrorResponse), null, cancellationToken));
        ErrorAnswers.AddTo(document);
        AddCredentials(document);
        SystemRoutes.Add(document);
    }

    /// <summary>Describes the areas that have an operation. Comes last.</summary>
    public static Task AddAreasAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var used = document
            .Paths.Values.SelectMany(p => p.Operations!.Values)
            .SelectMany(o => o.Tags!.Select(t => t.Reference.Id))
            .ToHashSet();
        document.Tags = Areas
            .Where(a => used.Contains(a.Key))
            .Select(a => new OpenApiTag { Name = a.Key, Description = a.Value })
            .ToHashSet();
        return Task.CompletedTask;
    }

    private static void AddCredentials(OpenApiDocument document)
    {
        document.AddComponent<IOpenApiSecurityScheme>(
            Bearer,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description =
                    "For /api/v1: an access token, which is `token` in the answer of POST /api/v1/auth/login; a machine token, which an "
                    + "admin makes with POST /api/v1/admin/access-tokens; or a token of the OIDC issuer that is set.",
            }
        );
        document.AddComponent<IOpenApiSecurityScheme>(
            DocumentServices.ApiKeyScheme,
            new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description =
                    "For /v1: an API key (sk-hub-...), which is `api_key` in the answer of POST /api/v1/users/me/api-keys. An access token "
                    + "works too.",
            }
        );
    }
}

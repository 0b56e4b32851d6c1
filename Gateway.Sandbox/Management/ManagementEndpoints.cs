using System.Text;
using Gateway.Sandbox.Wire;

namespace Gateway.Sandbox.Management;

/// <summary>
/// The management routes, as a LiteLLM without a database answers them: every one has its own status and envelope. Recorded from 1.109.1.
/// A sandbox that keeps budgets and keys in memory would take rows out of this table.
/// </summary>
internal static class ManagementEndpoints
{
    private const string Get = "GET";
    private const string Post = "POST";
    private const string Patch = "PATCH";

    private const string NeedsDatabase =
        "DB not connected. This endpoint needs a database; set DATABASE_URL to a PostgreSQL connection string (postgresql://...) to "
        + "enable it. "
        + "See https://docs.litellm.ai/docs/proxy/virtual_keys";

    private const string ConnectDatabase =
        "Database not connected. Connect a database to your proxy - https://docs.litellm.ai/docs/simple_proxy#managing-auth---virtual-keys";

    private const string Enterprise =
        "You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in your env. "
        + "Get a 7 day trial key here: https://www.litellm.ai/enterprise#trial. \nPricing: https://www.litellm.ai/#pricing";

    private static readonly IReadOnlyList<ManagementRow> Rows =
    [
        DetailError(Post, "/budget/delete", 500, NeedsDatabase),
        DetailError(Post, "/budget/info", 500, "No db connected"),
        DetailError(Get, "/budget/list", 400, NeedsDatabase),
        DetailError(Post, "/budget/new", 500, NeedsDatabase),
        DetailError(Get, "/budget/settings", 400, NeedsDatabase),
        DetailError(Post, "/budget/update", 500, NeedsDatabase),
        DetailError(Post, "/customer/block", 500, "500: {'error': 'Postgres DB Not connected'}"),
        Error(Post, "/customer/delete", 500, "internal_server_error", "Not connected to DB!"),
        Error(Get, "/customer/info", 500, "internal_server_error", "{'error': '" + NeedsDatabase + "'}"),
        Error(Get, "/customer/list", 400, "invalid_request_error", "{'error': '" + NeedsDatabase + "'}"),
        DetailError(Post, "/customer/new", 500, NeedsDatabase),
        Error(Post, "/customer/update", 500, "internal_server_error", "Not connected to DB!"),
        Error(Get, "/global/spend", 500, "internal_error", "{'error': 'No db connected'}"),
        DetailError(Get, "/global/spend/keys", 500, "No db connected"),
        Error(Get, "/global/spend/logs", 500, "internal_error", "Prisma Client is not initialized"),
        DetailError(Get, "/global/spend/models", 500, "No db connected"),
        DetailError(Get, "/global/spend/report", 400, ConnectDatabase),
        Bare(Post, "/key/block"),
        Error(Post, "/key/delete", 500, "internal_server_error", "Not connected to DB!"),
        Error(Post, "/key/generate", 500, "internal_server_error", "{'error': '" + NeedsDatabase + "'}"),
        Error(Get, "/key/info", 500, "internal_error", "Internal server error from /key/info. Details are in the proxy server logs."),
        Error(Get, "/key/list", 500, "internal_server_error", "Database not connected"),
        Error(Post, "/key/update", 500, "internal_server_error", "{'error': 'Database not connected'}"),
        Error(
            Post,
            "/key/{key}/regenerate",
            500,
            "internal_server_error",
            "Regenerating Virtual Keys is an Enterprise feature, " + Enterprise
        ),
        Problem(Get, "/management/v1/budgets", 503, NeedsDatabase),
        Error(
            Post,
            "/model/delete",
            500,
            "internal_server_error",
            "{'error': \"No DB Connected. Here's how to do it - https://docs.litellm.ai/docs/proxy/virtual_keys\"}"
        ),
        Error(
            Post,
            "/model/new",
            500,
            "internal_server_error",
            "{'error': \"No DB Connected. Here's how to do it - https://docs.litellm.ai/docs/proxy/virtual_keys\"}"
        ),
        Error(
            Post,
            "/model/update",
            500,
            "internal_server_error",
            "{'error': \"No DB Connected. Here's how to do it - https://docs.litellm.ai/docs/proxy/virtual_keys\"}"
        ),
        DetailError(Patch, "/model/{id}/update", 500, NeedsDatabase),
        DetailError(Get, "/organization/list", 403, "Organizations are only available for LiteLLM Enterprise users. " + Enterprise),
        DetailError(Post, "/organization/new", 403, "Organizations are only available for LiteLLM Enterprise users. " + Enterprise),
        DetailError(Get, "/spend/keys", 400, ConnectDatabase),
        Error(Get, "/spend/logs", 500, "internal_error", "/spend/logs Error" + ConnectDatabase),
        Error(Get, "/spend/logs/ui", 401, "internal_error", "Prisma Client is not initialized"),
        Error(Get, "/spend/logs/v2", 401, "internal_error", "Prisma Client is not initialized"),
        Error(Get, "/spend/tags", 500, "internal_error", "/spend/tags Error" + ConnectDatabase),
        DetailError(Get, "/spend/users", 400, ConnectDatabase),
        Detail(Get, "/tag/list", 500, "Database not connected"),
        Detail(Post, "/tag/new", 500, NeedsDatabase),
        Error(Get, "/team/info", 500, "internal_server_error", "{'error': '" + ConnectDatabase + "'}"),
        DetailError(Get, "/team/list", 400, NeedsDatabase),
        Error(Post, "/team/new", 500, "internal_server_error", "{'error': 'No db connected'}"),
        DetailError(Get, "/user/daily/activity", 500, NeedsDatabase),
        DetailError(Post, "/user/delete", 500, "No db connected"),
        Error(Get, "/user/info", 500, "internal_server_error", ConnectDatabase),
        DetailError(Get, "/user/list", 500, "No db connected. prisma client=None"),
        Error(Post, "/user/new", 400, "invalid_request_error", NeedsDatabase),
        Error(Post, "/user/update", 400, "invalid_request_error", "Not connected to DB!"),
        DetailError(Get, "/v2/model/info", 500, NeedsDatabase),
    ];

    public static void MapManagement(this IEndpointRouteBuilder routes, LiteLlmBehaviour behaviour, SandboxKeys keys)
    {
        foreach (var row in Rows)
        {
            var answer = behaviour == LiteLlmBehaviour.Legacy ? row.AsLegacy() : row;
            routes.MapMethods(
                row.Path,
                [row.Method],
                async http =>
                {
                    if (!await keys.RefusedAsync(http))
                    {
                        await Answer.WriteAsync(http, answer.Status, answer.Body, answer.ContentType);
                    }
                }
            );
        }
    }

    private static ManagementRow Error(string method, string path, int status, string type, string message)
    {
        using var json = new Utf8Builder();
        json.Raw("{\"error\":{\"message\":"u8)
            .String(message)
            .Raw(",\"type\":"u8)
            .String(type)
            .Raw(",\"param\":null,\"code\":\""u8)
            .Int(status)
            .Raw("\"}}"u8);
        return new ManagementRow(method, path, status, json.ToArray());
    }

    private static ManagementRow DetailError(string method, string path, int status, string text)
    {
        using var json = new Utf8Builder();
        return new ManagementRow(method, path, status, json.Raw("{\"detail\":{\"error\":"u8).String(text).Raw("}}"u8).ToArray());
    }

    private static ManagementRow Detail(string method, string path, int status, string text)
    {
        using var json = new Utf8Builder();
        return new ManagementRow(method, path, status, json.Raw("{\"detail\":"u8).String(text).Raw("}"u8).ToArray());
    }

    private static ManagementRow Problem(string method, string path, int status, string text)
    {
        using var json = new Utf8Builder();
        json.Raw("{\"type\":\"urn:litellm:error:database-not-connected\",\"title\":\"Database not connected\",\"status\":"u8)
            .Int(status)
            .Raw(",\"detail\":"u8)
            .String(text)
            .Raw("}"u8);
        return new ManagementRow(method, path, status, json.ToArray(), "application/problem+json");
    }

    private static ManagementRow Bare(string method, string path) =>
        new(method, path, 500, "{\"error\":{\"message\":\"Internal server error\",\"type\":\"internal_server_error\"}}"u8.ToArray());

    private sealed record ManagementRow(string Method, string Path, int Status, byte[] Body, string ContentType = Answer.Json)
    {
        // 1.81 differs in what was recorded of it, /model/new and its like: type auth_error, param as text.
        public ManagementRow AsLegacy()
        {
            var text = Encoding.UTF8.GetString(Body);
            return text.Contains("No DB Connected", StringComparison.Ordinal)
                ? this with
                {
                    Body = Encoding.UTF8.GetBytes(
                        text.Replace("internal_server_error", "auth_error").Replace("\"param\":null", "\"param\":\"None\"")
                    ),
                }
                : this;
        }
    }
}

using System.Collections.Frozen;
using System.Net.Sockets;
using Gateway.Admin.Conventions;

namespace Gateway.Admin.LiteLlm;

/// <summary>Says what could not be done at LiteLLM, and why, in words without addresses and secrets.</summary>
internal static class LiteLlmFaults
{
    // By method and path. What is not here is told without its name.
    private static readonly FrozenDictionary<string, string> Wishes = new Dictionary<string, string>
    {
        ["GET model/info"] = "get models from LiteLLM",
        ["GET v1/models"] = "get models from LiteLLM",
        ["GET model_group/info"] = "get model groups from LiteLLM",
        ["POST model/new"] = "create the model in LiteLLM",
        ["POST model/update"] = "update the model in LiteLLM",
        ["POST model/delete"] = "delete the model from LiteLLM",
        ["GET budget/list"] = "get budgets from LiteLLM",
        ["POST budget/info"] = "get the budget from LiteLLM",
        ["GET budget/settings"] = "get budget settings from LiteLLM",
        ["POST budget/new"] = "create the budget in LiteLLM",
        ["POST budget/update"] = "update the budget in LiteLLM",
        ["POST budget/delete"] = "delete the budget from LiteLLM",
        ["GET user/info"] = "get users and keys from LiteLLM",
        ["POST key/generate"] = "create the key in LiteLLM",
        ["POST key/update"] = "update the key in LiteLLM",
        ["POST key/delete"] = "delete the key from LiteLLM",
        ["POST key/block"] = "block the key in LiteLLM",
        ["POST key/unblock"] = "unblock the key in LiteLLM",
        ["GET spend/logs"] = "get spend logs from LiteLLM",
        ["GET global/spend"] = "get spend from LiteLLM",
        ["GET global/spend/logs"] = "get spend from LiteLLM",
        ["GET global/activity"] = "get activity from LiteLLM",
    }.ToFrozenDictionary();

    public static LiteLlmException Unreachable(HttpMethod method, string path, HttpRequestException fault) =>
        Of(method, path, CauseOf(fault));

    public static LiteLlmException TimedOut(HttpMethod method, string path, TimeSpan timeout) =>
        new(ApiError.UpstreamTimeout with { Text = Text(method, path, $"no answer within {timeout.TotalSeconds:0.###} s") });

    public static LiteLlmException Unreadable(HttpMethod method, string path) => Of(method, path, "the answer cannot be read");

    public static LiteLlmException Refused(HttpMethod method, string path, int status) =>
        status switch
        {
            404 => new(ApiError.NotFound("Not found at LiteLLM"), status),
            401 or 403 => Of(method, path, $"LiteLLM does not accept the gateway's key (status {status})", status),
            _ => Of(method, path, $"LiteLLM answered status {status}", status),
        };

    private static LiteLlmException Of(HttpMethod method, string path, string cause, int? status = null) =>
        new(ApiError.Upstream with { Text = Text(method, path, cause) }, status);

    private static string Text(HttpMethod method, string path, string cause) =>
        $"failed to {Wishes.GetValueOrDefault($"{method} {path}", "ask LiteLLM")}: {cause}";

    // The framework's own text names the address.
    public static string CauseOf(HttpRequestException fault) =>
        fault.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => "its host name cannot be resolved",
            HttpRequestError.SecureConnectionError => "no secure connection: its certificate is not trusted or it does not speak TLS",
            HttpRequestError.ConnectionError
                when fault.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
            HttpRequestError.ConnectionError => "no connection",
            HttpRequestError.ConfigurationLimitExceeded => "the answer is too large",
            _ => "the connection broke",
        };
}

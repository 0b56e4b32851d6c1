using Gateway.Admin.Conventions;

namespace Gateway.Admin.LiteLlm;

/// <summary>
/// LiteLLM did not do what it was asked for. The text for the caller names the wish and the cause, never an address, a key or what LiteLLM
/// wrote.
/// </summary>
/// <param name="error">What the caller is told.</param>
/// <param name="status">The status that LiteLLM answered; null: no answer, or one that cannot be read.</param>
internal sealed class LiteLlmException(ApiError error, int? status = null) : ApiErrorException(error)
{
    /// <summary>
    /// Whether this LiteLLM cannot do it at all: it has no database, does not know the route, or wants what the caller did not name.
    /// </summary>
    public bool IsUnsupported => Error == LiteLlmClient.NoDatabase || status is 400 or 404 or 405 or 422 or 501;

    /// <summary>Whether it has no database.</summary>
    public bool IsNoDatabase => Error == LiteLlmClient.NoDatabase;
}

using Gateway.Admin.Conventions;

namespace Gateway.Admin.WebConsole;

/// <summary>
/// Says that a request comes from a page of this origin. A handler that takes it as its first parameter is not reached by any other
/// request: 403 comes before the body is read.
/// </summary>
internal sealed class OwnPage
{
    private static readonly OwnPage Instance = new();

    public static ValueTask<OwnPage> BindAsync(HttpContext http) =>
        SessionCookie.Refusal(http.Request) is { } refusal ? throw new ApiErrorException(refusal) : ValueTask.FromResult(Instance);
}

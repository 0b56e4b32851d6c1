using System.Security.Cryptography;
using System.Text;
using Gateway.Admin.Accounts;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Admin.Transport;
using Gateway.Core.Configuration;
using Gateway.Core.Issuers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Admin.WebConsole;

/// <summary>
/// Signing in to the console at an issuer's page: authorization code with PKCE, all of it between this gateway and the issuer. The browser
/// carries state and code, and ends with the cookie that a sign-in by password gives too.
/// </summary>
internal static class OidcEndpoints
{
    private const string Console = "/console";
    private const int LongestReturn = 500;

    private static readonly ApiError NoProvider = ApiError.NotFound(
        "There is no such identity provider; GET /api/v1/auth/oidc lists those there are"
    );

    private static readonly ApiError WrongState = new(
        400,
        "sign_in_expired",
        "This sign-in was not begun in this browser, or took too long. Start it again"
    );

    private static readonly ApiError Denied = new(403, "sign_in_denied", "The sign-in was cancelled at the identity provider");

    private static readonly ApiError NotBelieved = new(
        401,
        "sign_in_failed",
        "What the identity provider answered is not valid for this sign-in. Start it again"
    );

    private static readonly ApiError Unavailable = new(
        503,
        "issuer_unavailable",
        "The identity provider is currently unavailable. Try again in a moment"
    );

    public static void MapOidcSignIn(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/auth/oidc", (IssuerBrowserSignIn issuer) => Reply.Ok(Providers(issuer)))
            .Says("List identity providers", "Whose pages people may sign in to the console at, beside email and password.");
        routes
            .MapGet("/auth/oidc/{issuer}/start", StartAsync)
            .WithMetadata(AuthLimited.Instance)
            .Says(
                "Sign in at an identity provider",
                "For browsers: sends them to the provider's page. What goes wrong is told in the console to those who read HTML."
            )
            .Refuses(404);
        routes
            .MapGet("/auth/oidc/{issuer}/callback", EndAsync)
            .WithMetadata(AuthLimited.Instance, new QueryMetadata(typeof(OidcCallbackQuery)))
            .Says(
                "Come back from an identity provider",
                "For browsers: ends the sign-in that this browser began, sets the cookie of `/auth/session` and goes on to the console. "
                    + "This is the address to register at the provider."
            )
            .Refuses(401, 403, 404, 502);
    }

    private static IdentityProvidersResponse Providers(IssuerBrowserSignIn issuer) =>
        new(issuer.Client is { } client ? [new IdentityProviderResponse(client.Name, $"{PathOf(client)}/start")] : []);

    private static async Task<Results<SignInRedirect, ApiError>> StartAsync(
        string issuer,
        Query<OidcStartQuery> query,
        HttpContext http,
        IssuerBrowserSignIn issuers,
        IssuerOptions options,
        OidcAttempts attempts,
        CancellationToken cancellationToken
    )
    {
        var returnTo = query.Value.ReturnTo ?? Console;
        if (!IsOfConsole(returnTo))
        {
            return ApiError.Validation("return_to", "path", $"must be a path of the console ({Console}/...)");
        }
        if (Find(issuers, issuer) is not { } client)
        {
            return Refuse(http, NoProvider, returnTo);
        }
        var origin = options.OidcPublicUrl?.TrimEnd('/') ?? $"{http.Request.Scheme}://{http.Request.Host}";
        var attempt = attempts.Begin(http, issuers.Issuer!, $"{origin}{PathOf(client)}/callback", returnTo);
        var page = await issuers.FindPageAsync(
            attempt.RedirectUri,
            attempt.State,
            attempt.Nonce,
            OidcAttempts.ChallengeOf(attempt),
            cancellationToken
        );
        return page is null ? Refuse(http, Unavailable, returnTo) : new SignInRedirect(page.AbsoluteUri);
    }

    private static async Task<Results<SignInRedirect, ApiError>> EndAsync(
        string issuer,
        HttpContext http,
        Actor actor,
        IssuerBrowserSignIn issuers,
        OidcAttempts attempts,
        SignIn signIn,
        CancellationToken cancellationToken
    )
    {
        if (Find(issuers, issuer) is null)
        {
            return Refuse(http, NoProvider, Console);
        }
        var brought = OidcCallbackQuery.Of(http.Request);
        if (attempts.End(http) is not { } attempt || !Belongs(attempt, brought, issuers))
        {
            return Refuse(http, WrongState, Console);
        }
        if (brought.Code is null)
        {
            return Refuse(http, WhyNot(IssuerWord.Of(brought.Error)), attempt.ReturnTo);
        }
        var code = new IssuerCode(brought.Code, attempt.RedirectUri, attempt.Verifier, attempt.Nonce);
        var outcome = await issuers.FindUserAsync(code, cancellationToken);
        if (RefusalOf(outcome) is { } refusal)
        {
            return Refuse(http, refusal, attempt.ReturnTo);
        }
        var (tokens, closed) = await signIn.WithIssuerAsync(outcome.UserId!, actor, http.Request.Headers.UserAgent, cancellationToken);
        if (closed is not null)
        {
            return Refuse(http, closed, attempt.ReturnTo);
        }
        SessionCookie.Set(http, tokens!.RefreshToken, TimeSpan.FromSeconds(tokens.RefreshExpiresIn));
        return new SignInRedirect(attempt.ReturnTo);
    }

    private static IssuerClient? Find(IssuerBrowserSignIn issuers, string name) =>
        issuers.Client is { } client && client.Name.Equals(name, StringComparison.OrdinalIgnoreCase) ? client : null;

    private static string PathOf(IssuerClient client) => $"{AdminServices.BasePath}/auth/oidc/{client.Name}";

    private static bool Belongs(OidcAttempt attempt, OidcCallbackQuery brought, IssuerBrowserSignIn issuers) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(attempt.State), Encoding.UTF8.GetBytes(brought.State ?? ""))
        && attempt.Issuer == issuers.Issuer
        && (brought.Iss is null || brought.Iss == attempt.Issuer);

    private static ApiError WhyNot(string word) =>
        word == "access_denied" ? Denied : new ApiError(502, "issuer_refused", $"The identity provider refused the sign-in: {word}");

    private static ApiError? RefusalOf(IssuerOutcome outcome) =>
        outcome.Verdict switch
        {
            IssuerVerdict.Accepted => null,
            IssuerVerdict.NoAccount => ApiError.NoAccount,
            IssuerVerdict.UnknownGroup => ApiError.UnknownGroup(outcome.Reason!),
            IssuerVerdict.Unavailable => Unavailable,
            _ => NotBelieved,
        };

    // A place of this origin only: the sender of a link must not choose where it ends.
    private static bool IsOfConsole(string path) =>
        path.Length <= LongestReturn
        && path.All(c => c is > ' ' and <= '~' and not '\\')
        && (
            path is "/" or Console
            || path.StartsWith(Console + "/", StringComparison.Ordinal)
            || path.StartsWith(Console + "?", StringComparison.Ordinal)
        );

    // People see the console, which has words for the code; programs get the error.
    private static Results<SignInRedirect, ApiError> Refuse(HttpContext http, ApiError error, string returnTo) =>
        ConsolePage.IsWanted(http.Request) ? new SignInRedirect(QueryHelpers.AddQueryString(returnTo, "sign_in_error", error.Code)) : error;
}

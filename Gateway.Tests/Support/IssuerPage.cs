using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Tests.Support;

/// <summary>
/// Where people sign in at a <see cref="TestIssuer"/>: a page that knows already who is there, and the exchange of codes. Both are as
/// strict as a good issuer's.
/// </summary>
public sealed class IssuerPage(TestIssuer issuer)
{
    public const string ClientId = "hub-console";
    public const string ClientSecret = "secret: of/the client";

    private readonly ConcurrentDictionary<string, IQueryCollection> _codes = new();

    /// <summary>Who is there; null: somebody who says no.</summary>
    public string? Subject { get; set; } = "ann";

    /// <summary>What the issuer says of them.</summary>
    public (string Name, object? Value)[] Claims { get; set; } = [];

    /// <summary>A nonce to put in place of the one that was asked for.</summary>
    public string? Nonce { get; set; }

    /// <summary>The secret that it takes; empty: a public client.</summary>
    public string Secret { get; set; } = ClientSecret;

    /// <summary>How secrets may be sent.</summary>
    public string[] Methods { get; set; } = ["client_secret_basic"];

    /// <summary>The newest ID token.</summary>
    public string? IdToken { get; private set; }

    /// <summary>The settings of a gateway whose people sign in here.</summary>
    public Dictionary<string, string> Settings(params (string Name, string Value)[] more) =>
        issuer.Settings([("OIDC_NAME", "TestId"), ("OIDC_CLIENT_ID", ClientId), ("OIDC_CLIENT_SECRET", ClientSecret), .. more]);

    internal void Map(WebApplication app)
    {
        app.MapGet("/authorize", Authorize);
        app.MapPost("/token", ExchangeAsync);
    }

    private IResult Authorize(HttpRequest request)
    {
        var asked = request.Query;
        var isGood =
            asked["response_type"] == "code"
            && asked["client_id"] == ClientId
            && asked["scope"].ToString().Split(' ').Contains("openid")
            && asked["code_challenge_method"] == "S256"
            && asked["code_challenge"].ToString().Length == 43
            && asked["state"].ToString().Length >= 32
            && asked["nonce"].ToString().Length >= 32
            && asked["redirect_uri"].ToString().EndsWith("/callback", StringComparison.Ordinal);
        if (!isGood)
        {
            return Results.BadRequest(asked.ToDictionary(a => a.Key, a => a.Value.ToString()));
        }
        var answer = new Dictionary<string, string?> { ["state"] = asked["state"], ["iss"] = issuer.Name };
        if (Subject is null)
        {
            answer["error"] = "access_denied";
        }
        else
        {
            var code = Guid.NewGuid().ToString("N");
            _codes[code] = asked;
            answer["code"] = code;
        }
        return Results.Redirect(QueryHelpers.AddQueryString(asked["redirect_uri"]!, answer));
    }

    private async Task<IResult> ExchangeAsync(HttpRequest request)
    {
        if (issuer.IsDown)
        {
            return Results.StatusCode(500);
        }
        var form = await request.ReadFormAsync();
        if (!IsClient(request, form))
        {
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        }
        var isGood =
            _codes.TryRemove(form["code"].ToString(), out var asked)
            && form["grant_type"] == "authorization_code"
            && asked["redirect_uri"] == form["redirect_uri"]
            && asked["code_challenge"]
                == Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (!isGood)
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }
        IdToken = issuer.Token(Subject!, [("aud", ClientId), ("nonce", Nonce ?? asked!["nonce"].ToString()), .. Claims]);
        return Results.Json(
            new
            {
                access_token = "opaque",
                token_type = "Bearer",
                id_token = IdToken,
            }
        );
    }

    private bool IsClient(HttpRequest request, IFormCollection form)
    {
        if (Secret.Length == 0)
        {
            return form["client_id"] == ClientId && request.Headers.Authorization.Count == 0;
        }
        var basic = $"{WebUtility.UrlEncode(ClientId)}:{WebUtility.UrlEncode(Secret)}";
        return Methods.Contains("client_secret_basic")
            ? request.Headers.Authorization == $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(basic))}"
            : form["client_id"] == ClientId && form["client_secret"] == Secret;
    }
}

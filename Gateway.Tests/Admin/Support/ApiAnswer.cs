using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Gateway.Tests.Admin.Support;

/// <summary>What <c>/api/v1</c> answered.</summary>
public sealed record ApiAnswer(
    HttpStatusCode Status,
    JsonElement Body,
    string Raw,
    HttpResponseHeaders Headers,
    HttpContentHeaders ContentHeaders
)
{
    /// <summary>The error's code.</summary>
    public string Code => Body.Text("code");

    public void IsError(int status, string code)
    {
        Assert.Equal((HttpStatusCode)status, Status);
        Assert.Equal(code, Code);
    }

    public void Is(int status) => Assert.Equal((HttpStatusCode)status, Status);
}

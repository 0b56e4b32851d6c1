using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Support;

/// <summary>A signed-in user.</summary>
public sealed class Person
{
    public const string DefaultPassword = "password123";

    internal Person(HubHost host, string email, JsonElement signIn)
    {
        Email = email;
        Id = signIn.Text("user.id");
        AccessToken = signIn.Text("access_token");
        RefreshToken = signIn.Text("refresh_token");
        Client = host.NewClient(AccessToken);
    }

    public string Id { get; }

    public string Email { get; }

    public string AccessToken { get; }

    public string RefreshToken { get; }

    public HttpClient Client { get; }
}

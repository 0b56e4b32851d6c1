using System.Collections;
using System.Text;
using Gateway.Core.Configuration;
using Gateway.Core.Keys;
using Gateway.Hosting;
using Gateway.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace Gateway.Tests.Hosting;

public sealed class OptionsLoaderTests
{
    [Fact]
    public void A_list_may_be_written_as_one() =>
        Assert.Equal(["a", "b"], Load("""{"Hub":{"AllowedBetaHeaders":["a","b"]}}""").Upstream.AllowedBetaHeaders);

    [Fact]
    public void Numbers_and_booleans_may_be_written_as_such()
    {
        var options = Load("""{"Hub":{"ServerPort":0,"MigrateOnStart":false}}""");
        Assert.Equal((0, false), (options.Server.ServerPort, options.Database.MigrateOnStart));
    }

    [
        Theory,
        InlineData("""{"Hub":{"ServerHost":{"a":"b"}}}""", "Hub:ServerHost is an object"),
        InlineData("""{"Hub":{"Unknown":1}}""", "Hub:Unknown is no option; expected: one of ServerHost, "),
        InlineData("""{"Hub":{"ServerPort":"x"}}""", "Hub:ServerPort is \"x\"")
    ]
    public void What_is_wrong_stops_the_start_with_its_name(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<StartFailedException>(() => Load(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_fault_has_a_line_of_its_own() =>
        Assert.Equal(
            3,
            Assert
                .Throws<StartFailedException>(() => Load("""{"Hub":{"A":1,"ServerPort":"x","Sandbox":"y"}}"""))
                .Message.Split(Environment.NewLine)
                .Length
        );

    [Fact]
    public async Task Production_without_a_signing_secret_does_not_start()
    {
        var fault = await Assert.ThrowsAsync<StartFailedException>(() => HubHost.StartAsync(environment: "Production"));
        Assert.StartsWith("JWT_SECRET is not set", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_invents_nothing()
    {
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["JWT_SECRET"] = Base62.Random(48) },
            environment: "Production"
        );
        Assert.Equal(("", "", ""), (hub.ApiKey, hub.AdminEmail, hub.AdminPassword));
        Assert.Null(hub.Sandbox);
    }

    [Fact]
    public async Task A_bootstrap_key_works_from_the_first_start_on()
    {
        var key = ApiKeyText.Create().Text;
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["JWT_SECRET"] = Base62.Random(48),
                ["ADMIN_EMAIL"] = "a@example.org",
                ["ADMIN_PASSWORD"] = Base62.Random(20),
                ["HUB_BOOTSTRAP_KEY"] = key,
                ["SANDBOX"] = "true",
            },
            environment: "Production"
        );
        using var client = hub.NewClient(key);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"))).StatusCode);
    }

    private static HubOptions Load(string json) =>
        OptionsLoader.Load(
            new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build(),
            new Hashtable(),
            isDevelopment: true
        );
}

using Gateway.Core.Configuration;
using Gateway.Core.Keys;

namespace Gateway.Tests.Configuration;

public sealed class HubOptionsReaderTests
{
    private static readonly string Secret = Base62.Random(48);

    [Fact]
    public void Names_belong_to_one_option_each() =>
        Assert.Equal(
            HubOptionsReader.All.Count,
            HubOptionsReader.All.Select(o => o.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count()
        );

    [Fact]
    public void Environment_names_belong_to_one_option_each()
    {
        var names = HubOptionsReader.All.SelectMany(o => o.Variables).ToList();
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase).Count(), names.Count);
        Assert.All(names, name => Assert.Matches("^[A-Z0-9_]+$", name));
    }

    [Fact]
    public void The_environment_wins_over_the_file()
    {
        Assert.Empty(
            Read(
                out var options,
                file: new() { ["ServerPort"] = "1000", ["ServerHost"] = "file" },
                environment: new() { ["SERVER_PORT"] = "2000" }
            )
        );
        Assert.Equal((2_000, "file"), (options.Server.ServerPort, options.Server.ServerHost));
    }

    [Theory]
    [
        InlineData("PORT=9000;HOST=0.0.0.0", "0.0.0.0", 9000),
        InlineData("PORT=9000;HOST=::;SERVER_PORT=7000;SERVER_HOST=localhost", "localhost", 7000),
        InlineData("HOST=127.0.0.1;SERVER_HOST=", "127.0.0.1", 8080)
    ]
    [InlineData("HOST=my-laptop", "localhost", 8080), InlineData("HOST=x86_64-conda-linux-gnu;PORT=1", "localhost", 1)]
    public void Port_and_host_of_platforms_are_read_when_ours_are_not_set_and_a_machines_name_is_not_meant(
        string variables,
        string host,
        int port
    )
    {
        Assert.Empty(Read(out var options, environment: variables.Split(';').Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1])));
        Assert.Equal((host, port), (options.Server.ServerHost, options.Server.ServerPort));
    }

    [Theory, InlineData("", "SERVER_PORT"), InlineData("PORT", "PORT"), InlineData("SERVER_PORT,PORT", "SERVER_PORT")]
    public void The_variable_that_gave_a_value_is_known(string set, string name) =>
        Assert.Equal(
            name,
            HubOptionsReader.VariableOf(nameof(ServerOptions.ServerPort), variable => set.Split(',').Contains(variable) ? "1" : null)
        );

    [Fact]
    public void An_empty_variable_counts_as_not_set()
    {
        Assert.Empty(Read(out var options, file: new() { ["ServerPort"] = "1000" }, environment: new() { ["SERVER_PORT"] = "" }));
        Assert.Equal(1_000, options.Server.ServerPort);
    }

    [Theory]
    [
        InlineData("SERVER_PORT", "65536"),
        InlineData("SERVER_PORT", "-1"),
        InlineData("SERVER_PORT", "80a"),
        InlineData("SERVER_PORT", "1.5"),
        InlineData("MAX_BODY_BYTES", "1023"),
        InlineData("MAX_BODY_BYTES", "9999999999")
    ]
    [
        InlineData("SANDBOX", "yes"),
        InlineData("HUB_ROLE", "both"),
        InlineData("HUB_ROLE", "1"),
        InlineData("ON_DISCONNECT", "ignore"),
        InlineData("UPSTREAM_IDLE_SECONDS", "0.5"),
        InlineData("UPSTREAM_IDLE_SECONDS", "NaN"),
        InlineData("UPSTREAM_IDLE_SECONDS", "1e9")
    ]
    [
        InlineData("LITELLM_BASE_URL", "host:4000"),
        InlineData("LITELLM_BASE_URL", "ftp://host"),
        InlineData("LITELLM_BASE_URL", "http://user:pw@host"),
        InlineData("LITELLM_BASE_URL", "http://host?x=1"),
        InlineData("LITELLM_BASE_URL", "http://a,b"),
        InlineData("LITELLM_BASE_URL", ",")
    ]
    [
        InlineData("LITELLM_TIMEOUT", "30"),
        InlineData("LITELLM_NUM_RETRIES", "11"),
        InlineData("CHANGE_POLL_MS", "5"),
        InlineData("CHANGE_POLL_MS", "1001"),
        InlineData("TOKEN_DURATION", "31s"),
        InlineData("USAGE_QUEUE_SIZE", "0"),
        InlineData("JOURNAL_SEGMENT_BYTES", "1048575"),
        InlineData("JOURNAL_SYNC_MS", "-1")
    ]
    public void A_wrong_value_is_one_line_with_name_value_and_what_is_expected(string name, string value)
    {
        var fault = Assert.Single(Read(out _, environment: new() { [name] = value, ["JWT_SECRET"] = Secret }));
        Assert.StartsWith($"{name} is \"{value}\"; expected: ", fault, StringComparison.Ordinal);
        Assert.EndsWith(".", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Theory]
    [
        InlineData("DATABASE_URL", "oracle://user:hush-hush@host/name"),
        InlineData("JWT_SECRET", "hush-hush"),
        InlineData("HUB_BOOTSTRAP_KEY", "sk-hub-hush-hush"),
        InlineData("LITELLM_API_KEY", "hush hush")
    ]
    public void A_secret_is_never_shown(string name, string value)
    {
        var fault = Assert.Single(
            Read(out _, environment: new() { [name] = value, ["JWT_SECRET"] = name == "JWT_SECRET" ? value : Secret })
        );
        Assert.StartsWith($"{name} is a text of {value.Length} characters; expected: ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_found_in_one_pass()
    {
        var faults = Read(
            out _,
            environment: new()
            {
                ["SERVER_PORT"] = "x",
                ["HUB_ROLE"] = "x",
                ["ADMIN_EMAIL"] = "a@b.example",
            },
            isDevelopment: false
        );
        Assert.Equal(["SERVER_PORT", "HUB_ROLE", "JWT_SECRET", "ADMIN_EMAIL"], faults.Select(f => f.Split(' ')[0]));
    }

    [Fact]
    public void A_wrong_secret_is_one_fault_and_not_also_a_missing_one() =>
        Assert.Single(Read(out _, environment: new() { ["JWT_SECRET"] = "short" }, isDevelopment: false));

    [Fact]
    public void A_value_of_the_file_is_named_as_it_stands_there() =>
        Assert.StartsWith(
            "Hub:ServerPort is \"x\"; expected: ",
            Assert.Single(Read(out _, file: new() { ["ServerPort"] = "x" })),
            StringComparison.Ordinal
        );

    [Fact]
    public void Outside_development_a_signing_secret_is_required()
    {
        Assert.StartsWith("JWT_SECRET is not set", Assert.Single(Read(out _, isDevelopment: false)), StringComparison.Ordinal);
        Assert.Empty(Read(out _, isDevelopment: true));
        Assert.Empty(Read(out _, environment: new() { ["JWT_SECRET"] = Secret }, isDevelopment: false));
    }

    [Theory, InlineData("ADMIN_EMAIL", "a@b.example"), InlineData("ADMIN_PASSWORD", "long enough")]
    public void Email_and_password_of_the_admin_go_together(string name, string value) =>
        Assert.StartsWith(
            "ADMIN_EMAIL and ADMIN_PASSWORD go together",
            Assert.Single(Read(out _, environment: new() { [name] = value })),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_wrong_admin_is_told_without_the_password()
    {
        var faults = Read(out _, environment: new() { ["ADMIN_EMAIL"] = "nobody", ["ADMIN_PASSWORD"] = "hush" });
        Assert.Equal(
            [
                "ADMIN_EMAIL is \"nobody\"; expected: an email address.",
                "ADMIN_PASSWORD is a text of 4 characters; expected: 8 to 128 characters.",
            ],
            faults
        );
    }

    [Theory]
    [
        InlineData("your-secret-key-change-in-production-0123"),
        InlineData("change-me-change-me-change-me-change-me"),
        InlineData("this-is-an-example-secret-of-forty-chars"),
        InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        InlineData("0123456789012345678901234567890")
    ]
    public void Known_examples_and_weak_secrets_are_refused(string secret) => Assert.False(SigningSecret.IsAcceptable(secret));

    [Fact]
    public void A_random_secret_is_accepted() => Assert.True(SigningSecret.IsAcceptable(Base62.Random(32)));

    [Fact]
    public void Lists_and_addresses_are_separated_by_commas()
    {
        Assert.Empty(
            Read(
                out var options,
                environment: new() { ["LITELLM_BASE_URL"] = "http://a:1, https://b/v1 ,", ["ALLOWED_BETA_HEADERS"] = " x ,,y" }
            )
        );
        Assert.Equal([new Uri("http://a:1"), new Uri("https://b/v1")], options.Upstream.LiteLlmBaseUrls);
        Assert.Equal(["x", "y"], options.Upstream.AllowedBetaHeaders);
    }

    private static IReadOnlyList<string> Read(
        out HubOptions options,
        Dictionary<string, string>? file = null,
        Dictionary<string, string>? environment = null,
        bool isDevelopment = true
    ) =>
        HubOptionsReader.Read(
            name => file?.GetValueOrDefault(name),
            name => environment?.GetValueOrDefault(name),
            isDevelopment,
            out options
        );
}

using Gateway.Hosting;
using Gateway.Tests.Sdk;
using Gateway.Tests.Support;

namespace Gateway.Tests.Commands;

/// <summary>The command line of the program: what it knows, and that it starts nothing else.</summary>
public sealed class CommandLineTests
{
    // What stands here cannot be opened: whoever opens a database fails.
    private static readonly Dictionary<string, string> NoDatabase = new()
    {
        ["DATABASE_URL"] = "sqlite:/sys/hub.db",
        ["DATA_DIR"] = "/sys/hub",
    };

    [Theory, InlineData("--help"), InlineData("-h"), InlineData("-?"), InlineData("ledger --help"), InlineData("ledger export --help")]
    [InlineData("admin reset-password --help"), InlineData("doctor --help"), InlineData("sandbox --help")]
    public async Task Help_is_shown_without_a_database(string words)
    {
        var run = await GatewayCommand.RunAsync(words.Split(' '), NoDatabase);
        Assert.Equal((0, ""), (run.Code, run.Errors));
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_the_one_of_the_health_page()
    {
        var run = await GatewayCommand.RunAsync(["--version"], NoDatabase);
        Assert.Equal((0, HealthEndpoints.Version + Environment.NewLine, ""), (run.Code, run.Output, run.Errors));
    }

    [Theory]
    [InlineData("start"), InlineData("help"), InlineData("--foo"), InlineData("-x"), InlineData("ledger"), InlineData("ledger destroy")]
    [InlineData("ledger check now"), InlineData("ledger export --format xml"), InlineData("ledger export --format")]
    [InlineData("ledger reconcile --days 0"), InlineData("ledger reconcile --days 3651"), InlineData("ledger reconcile --days x")]
    [InlineData("admin"), InlineData("admin reset-password a b"), InlineData("admin reset-password --password x"), InlineData("doctor all")]
    [InlineData("Key=value"), InlineData("/Hub:ServerPort=0"), InlineData("@file"), InlineData("--urls http://localhost:5000")]
    [InlineData("--environment"), InlineData("sandbox"), InlineData("sandbox azure"), InlineData("sandbox openai --port 70000")]
    public async Task Unknown_words_are_refused_with_2_and_start_nothing(string words)
    {
        var run = await GatewayCommand.RunAsync(words.Split(' '), NoDatabase);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.NotEmpty(run.Errors);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Theory, InlineData("ledger check"), InlineData("ledger rebuild"), InlineData("ledger export"), InlineData("ledger reconcile")]
    [InlineData("admin reset-password --generate")]
    public async Task A_command_makes_no_database(string words)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"hub-none-{Guid.CreateVersion7():N}");
        var run = await GatewayCommand.RunAsync(words.Split(' '), new Dictionary<string, string> { ["DATA_DIR"] = folder });
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.StartsWith("There is no database: the SQLite file ", run.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Theory, BothDatabases]
    public async Task A_database_without_the_schema_is_told(TestDatabase database)
    {
        var file = Path.GetTempFileName();
        var url = await TestDatabases.CreateAsync(database) ?? "sqlite:" + file;
        var run = await GatewayCommand.RunAsync(["ledger", "check"], new Dictionary<string, string> { ["DATABASE_URL"] = url });
        Assert.Equal(1, run.Code);
        Assert.Contains("is not that of this version. Start the gateway once", run.Errors, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task The_real_program_refuses_a_word_and_tells_its_version()
    {
        using var wrong = HubProgram.Start(["serve"]);
        Assert.Equal(
            (
                2,
                $"Unrecognized command or argument 'serve'.{Environment.NewLine}\"Gateway --help\" shows what there "
                    + $"is.{Environment.NewLine}"
            ),
            await wrong.EndAsync(TimeSpan.FromSeconds(60))
        );
        var version = await ProgramRun.RequireAsync(
            "dotnet",
            [typeof(HubProcess).Assembly.Location, "--version"],
            Path.GetTempPath(),
            TimeSpan.FromSeconds(60)
        );
        Assert.Equal(HealthEndpoints.Version, version.Output.Trim());
    }

    // As README has it.
    [Fact]
    public async Task A_providers_key_answers_a_call_without_any_LiteLLM()
    {
        using var provider = HubProgram.Start(["sandbox", "openai", "--key", "sk-trial"]);
        var address = (await provider.ReadLineAsync("with the key sk-trial")).Split("listens on ")[1].Split(' ')[0];
        using var program = HubProgram.Start([], settings: [("OPENAI_API_KEY", "sk-trial"), ("OPENAI_BASE_URL", address)]);
        using var client = new HttpClient { BaseAddress = await program.AddressAsync() };
        var key = (await program.ReadLineAsync("API key")).Split(": ")[1];
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        var answer = await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("eight whole words", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await provider.SignalAsync("TERM");
        Assert.Equal(128 + 15, (await provider.EndAsync(TimeSpan.FromSeconds(30))).Code);
    }

    [Fact]
    public async Task Settings_and_the_environment_on_the_command_line_still_work()
    {
        using var program = HubProgram.Start(
            ["--environment", "Production", "--Logging:LogLevel:Default=Error", "--Hub:Sandbox", "true"],
            settings: [("JWT_SECRET", Gateway.Core.Keys.Base62.Random(48))]
        );
        await program.ReadLineAsync("listens on ");
        Assert.Contains("built-in sandbox", await program.ReadLineAsync("LITELLM_BASE_URL"), StringComparison.Ordinal);
    }
}

using System.Text.Json;
using Gateway.Tests.Support;

namespace Gateway.Tests.Telemetry;

/// <summary>What the program prints in Production.</summary>
public sealed class LogOutputTests
{
    [Fact]
    public async Task A_call_is_one_line_of_json()
    {
        var folder = Directory.CreateTempSubdirectory("hub-log-");
        await using (var gateway = await GatewayProcess.StartAsync(folder))
        {
            using var answer = await gateway.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
            var line = await CallLineAsync(gateway, answer.RequestId());
            using var json = JsonDocument.Parse(line);
            Assert.Equal("Gateway.Telemetry.CallLog", json.RootElement.GetProperty("Category").GetString());
            var state = json.RootElement;
            Assert.Equal(
                ("gpt-4o-mini", "ok", 200),
                (state.GetProperty("Model").GetString(), state.GetProperty("Outcome").GetString(), state.GetProperty("Status").GetInt32())
            );
            Assert.True(state.GetProperty("DurationMs").GetDouble() > 0);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_level_that_changes_in_the_file_holds_without_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("hub-log-");
        await SetLevelAsync(folder, "Warning");
        await using (var gateway = await GatewayProcess.StartAsync(folder))
        {
            using var silent = await gateway.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
            await SetLevelAsync(folder, "Information");
            var told = "";
            await Eventually.TrueAsync(
                async () =>
                {
                    using var answer = await gateway.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
                    told = answer.RequestId();
                    return gateway.Lines.Any(l => l.Contains("CallLog", StringComparison.Ordinal));
                },
                "calls are logged"
            );
            await CallLineAsync(gateway, told);
            Assert.DoesNotContain(gateway.Lines, l => l.Contains(silent.RequestId(), StringComparison.Ordinal));
        }
        folder.Delete(recursive: true);
    }

    private static Task<string> CallLineAsync(GatewayProcess gateway, string requestId) =>
        Eventually.NotNullAsync(() => Task.FromResult(gateway.Lines.FirstOrDefault(l => l.Contains(requestId, StringComparison.Ordinal))));

    // Whole at once, as editors and orchestrators do it: half a file is no configuration.
    private static async Task SetLevelAsync(DirectoryInfo folder, string level)
    {
        var file = Path.Combine(folder.FullName, "appsettings.json");
        await File.WriteAllTextAsync(file + ".new", $"{{\"Logging\":{{\"LogLevel\":{{\"Gateway.Telemetry.CallLog\":\"{level}\"}}}}}}");
        File.Move(file + ".new", file, overwrite: true);
    }
}

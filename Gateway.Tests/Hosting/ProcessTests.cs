using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Hosting;

namespace Gateway.Tests.Hosting;

/// <summary>The program as an operator starts it: a process of its own.</summary>
public sealed partial class ProcessTests
{
    [Fact]
    public async Task A_first_start_in_development_prints_a_curl_line_that_works()
    {
        var folder = Directory.CreateTempSubdirectory("hub-process-");
        using var process = Start(folder, ("ASPNETCORE_ENVIRONMENT", "Development"), ("SERVER_PORT", "0"));
        try
        {
            var lines = await ReadUntilAsync(process, line => line.TrimStart().StartsWith("curl ", StringComparison.Ordinal));
            Assert.Contains(lines, l => l.StartsWith("Admin (shown once): admin@localhost  password: ", StringComparison.Ordinal));
            Assert.Contains(lines, l => SampleKey().IsMatch(l));
            using var curl = Process.Start(
                new ProcessStartInfo("/bin/sh", ["-c", lines[^1].Trim() + " --silent --show-error --noproxy '*'"])
                {
                    RedirectStandardOutput = true,
                }
            )!;
            using var answer = JsonDocument.Parse(await curl.StandardOutput.ReadToEndAsync());
            Assert.Equal("assistant", answer.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("role").GetString());
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("JWT_SECRET is not set", "ASPNETCORE_ENVIRONMENT", "Production")]
    [InlineData("SERVER_PORT is \"x\"; expected: a whole number from 0 to 65535 (a TCP port).", "SERVER_PORT", "x")]
    [InlineData(
        "PostgreSQL at 127.0.0.1:1 (database \"name\", user \"user\") cannot be used: the connection was refused.",
        "DATABASE_URL",
        "postgres://user:hush-hush@127.0.0.1:1/name"
    )]
    public async Task What_keeps_it_from_starting_is_said_in_a_line_and_the_exit_code_is_1(string message, string name, string value)
    {
        var folder = Directory.CreateTempSubdirectory("hub-process-");
        using var process = Start(folder, ("ASPNETCORE_ENVIRONMENT", "Development"), ("SERVER_PORT", "0"), (name, value));
        _ = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.StartsWith(message, errors, StringComparison.Ordinal);
        Assert.Single(errors.Trim().Split('\n'));
        Assert.DoesNotContain("hush", errors, StringComparison.Ordinal);
        Assert.Equal(1, process.ExitCode);
        folder.Delete(recursive: true);
    }

    private static Process Start(DirectoryInfo folder, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(HubProcess).Assembly.Location])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
        };
        foreach (var (name, value) in variables.Prepend(("DATA_DIR", folder.FullName)))
        {
            start.Environment[name] = value;
        }
        return Process.Start(start)!;
    }

    private static async Task<List<string>> ReadUntilAsync(Process process, Func<string, bool> isLast)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        List<string> lines = [];
        while (lines.Count == 0 || !isLast(lines[^1]))
        {
            lines.Add(
                await process.StandardOutput.ReadLineAsync(limit.Token)
                    ?? throw new InvalidOperationException(
                        "It ended: " + string.Join('\n', lines) + await process.StandardError.ReadToEndAsync()
                    )
            );
        }
        return lines;
    }

    [GeneratedRegex("^API key \\(shown once\\): sk-hub-[0-9A-Za-z]{16}-[0-9A-Za-z]{43}$")]
    private static partial Regex SampleKey();
}

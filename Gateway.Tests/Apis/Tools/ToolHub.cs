using System.Text.RegularExpressions;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Sdk;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Apis.Tools;

/// <summary>
/// One running product for the command-line tools that <c>docs/clients.md</c> describes, with their settings as it gives them.
/// </summary>
public sealed partial class ToolHub : IAsyncLifetime
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(90);
    private static readonly string Folder = Path.Combine(Repository.Root, "Gateway.Tests", "Sdk", "tools");

    private readonly SdkHub _sdk = new();
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("hub-tools-");

    /// <summary>The product.</summary>
    public HubHost Hub => _sdk.Hub;

    /// <summary>A key whose budget is used up.</summary>
    public string BrokeKey => _sdk.BrokeKey;

    /// <summary>A key of the right form that nobody has.</summary>
    public static string UnknownKey { get; } = $"sk-hub-{new string('a', 16)}-{new string('a', 43)}";

    public async Task InitializeAsync()
    {
        await NodePackages.InstallAsync(Folder);
        await _sdk.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _sdk.DisposeAsync();
        _home.Delete(recursive: true);
    }

    /// <summary>The block of a section of the page, with this product's address in it.</summary>
    public string Settings(string section, string language)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "clients.md"));
        var text = page[page.IndexOf($"## {section}\n", StringComparison.Ordinal)..];
        var start = text.IndexOf($"```{language}\n", StringComparison.Ordinal) + language.Length + 4;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)]
            .Replace("http://localhost:8080", Hub.Address.ToString().TrimEnd('/'), StringComparison.Ordinal);
    }

    /// <summary>Runs Claude Code.</summary>
    internal Task<ProgramRun> ClaudeAsync(string key, string? model, params string[] arguments)
    {
        var variables = Export()
            .Matches(Settings("Claude Code", "sh"))
            .ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value.Replace("sk-hub-...", key, StringComparison.Ordinal));
        if (model is not null)
        {
            variables["ANTHROPIC_MODEL"] = model;
        }
        return RunAsync("@anthropic-ai/claude-code-linux-", "claude", variables, arguments);
    }

    /// <summary>Runs Codex.</summary>
    internal async Task<ProgramRun> CodexAsync(string key, params string[] arguments)
    {
        var home = Directory.CreateDirectory(Path.Combine(_home.FullName, Guid.CreateVersion7().ToString("N")));
        await File.WriteAllTextAsync(Path.Combine(home.FullName, "config.toml"), Settings("Codex CLI", "toml"));
        return await RunAsync(
            "@openai/codex-linux-",
            "codex",
            new Dictionary<string, string> { ["CODEX_HOME"] = home.FullName, ["HUB_API_KEY"] = key },
            ["exec", "--skip-git-repo-check", .. arguments]
        );
    }

    /// <summary>The ledger's rows of a model.</summary>
    public async Task<IReadOnlyList<UsageRecord>> RecordsOfAsync(string model, int count)
    {
        List<UsageRecord> records = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await using var db = await Hub.Databases.CreateDbContextAsync();
                records = await db.UsageRecords.AsNoTracking().Where(r => r.ModelName == model).OrderBy(r => r.AdmittedAt).ToListAsync();
                return records.Count >= count;
            },
            $"{count} calls of {model} are recorded"
        );
        return records;
    }

    // Their input is closed: both read it for more of the prompt.
    private Task<ProgramRun> RunAsync(string package, string program, IReadOnlyDictionary<string, string> variables, string[] arguments)
    {
        var binary = Directory
            .EnumerateFiles(Path.Combine(Folder, "node_modules"), program, SearchOption.AllDirectories)
            .First(file => file.Contains(package, StringComparison.Ordinal));
        var work = Directory.CreateDirectory(Path.Combine(_home.FullName, "work"));
        return ProgramRun.RunAsync(
            "sh",
            ["-c", "exec \"$0\" \"$@\" < /dev/null", binary, .. arguments],
            work.FullName,
            RunLimit,
            new Dictionary<string, string>(variables) { ["HOME"] = _home.FullName, ["NO_PROXY"] = "*" }
        );
    }

    [GeneratedRegex("^export ([A-Z_]+)=(.*)$", RegexOptions.Multiline)]
    private static partial Regex Export();
}

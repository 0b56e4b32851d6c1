using System.Collections.Frozen;

namespace Gateway.Admin.WebConsole;

/// <summary>The built console as it lay in its folder at the start; empty where it was not built.</summary>
internal sealed class ConsoleFiles
{
    private static readonly FrozenDictionary<string, string> ContentTypes = new Dictionary<string, string>
    {
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".woff2"] = "font/woff2",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<string, ConsoleFile> _assets;

    public ConsoleFiles(ConsoleFolder folder)
    {
        var page = Path.Combine(folder.Path, "index.html");
        Page = File.Exists(page) ? File.ReadAllText(page) : null;
        var assets = new DirectoryInfo(Path.Combine(folder.Path, "assets"));
        var names = Page is not null && assets.Exists ? assets.GetFiles().Select(f => f.Name).ToHashSet() : [];
        _assets = names
            .Where(name => ContentTypes.ContainsKey(Path.GetExtension(name)))
            .ToFrozenDictionary(
                name => name,
                name => new ConsoleFile(
                    Path.Combine(assets.FullName, name),
                    ContentTypes[Path.GetExtension(name)],
                    names.Contains(name + ".br"),
                    names.Contains(name + ".gz")
                )
            );
    }

    /// <summary>The page, with <see cref="ConsolePage.NoncePlace"/> where its nonce goes; null: the console was not built.</summary>
    public string? Page { get; }

    /// <summary>A script, style sheet or picture by its name, or null.</summary>
    public ConsoleFile? Find(string name) => _assets.GetValueOrDefault(name);
}

using System.Security.Cryptography;
using Gateway.Tests.Support;

namespace Gateway.Tests.Sdk;

/// <summary>Node itself and the packages of <c>Sdk/node</c>, installed when they are missing. A test that cannot have them fails.</summary>
internal static class NodePackages
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);

    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>The folder of the Node tests, found from where the tests run.</summary>
    public static string Folder { get; } = FindFolder();

    /// <summary>Installs the packages of <see cref="Folder"/>.</summary>
    public static Task InstallAsync() => InstallAsync(Folder);

    /// <summary>Brings a folder's <c>node_modules</c> to what its lock file says; does nothing when it is there already.</summary>
    public static async Task InstallAsync(string folder)
    {
        using var turn = await TurnAsync();
        await RequireNodeAsync();
        var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, "package-lock.json"))));
        var mark = Path.Combine(folder, "node_modules", ".installed-lock");
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark) == wanted)
        {
            return;
        }
        await ProgramRun.RequireAsync("npm", ["ci", "--ignore-scripts"], folder, InstallLimit);
        await File.WriteAllTextAsync(mark, wanted);
    }

    // Classes of tests that share a folder begin at once.
    private static async Task<IDisposable> TurnAsync()
    {
        await Turn.WaitAsync();
        return new Release();
    }

    private static async Task RequireNodeAsync()
    {
        if (IsOnPath("node") && IsOnPath("npm"))
        {
            return;
        }
        await AptPackages.InstallAsync("nodejs", "npm");
        if (!IsOnPath("node") || !IsOnPath("npm"))
        {
            throw new InvalidOperationException("Node and npm are not installed, and the tests do not do without them.");
        }
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "OneUIHub.sln")))
            {
                return Path.Combine(folder.FullName, "Gateway.Tests", "Sdk", "node");
            }
        }
        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds OneUIHub.sln.");
    }

    private sealed class Release : IDisposable
    {
        public void Dispose() => Turn.Release();
    }
}

using Gateway.Tests.Sdk;

namespace Gateway.Tests.Support;

/// <summary>
/// Debian packages for programs that tests need, installed one call after another: apt does not run twice at once. Who may not install
/// finds out when the program is not there.
/// </summary>
internal static class AptPackages
{
    // Output goes to a file: a server that a package starts would inherit a pipe and keep it open for ever.
    private const string Script =
        "log=$(mktemp); \"$0\" \"$@\" >\"$log\" 2>&1 </dev/null; status=$?; [ $status = 0 ] || cat \"$log\"; rm -f \"$log\"; exit $status";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);
    private static bool _hasLists;

    /// <summary>Installs packages with what they depend on.</summary>
    /// <exception cref="InvalidOperationException">apt could not; with all it wrote.</exception>
    public static async Task InstallAsync(params string[] packages)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }
        await OneAtATime.WaitAsync();
        try
        {
            if (!_hasLists)
            {
                await RunAsync("update");
                _hasLists = true;
            }
            await RunAsync(["install", "-y", "--no-install-recommends", .. packages]);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    private static Task RunAsync(params string[] arguments) =>
        ProgramRun.RequireAsync(
            "/bin/sh",
            ["-c", Script, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3", .. arguments],
            "/",
            Limit,
            new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" }
        );
}

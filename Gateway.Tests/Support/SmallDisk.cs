using System.Diagnostics;

namespace Gateway.Tests.Support;

/// <summary>A file system of its own: in memory, or where that may not be mounted, in a file.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("hub-disk-");

    public SmallDisk(int megabytes)
    {
        Path = Directory.CreateDirectory(System.IO.Path.Combine(_place.FullName, "disk")).FullName;
        var image = System.IO.Path.Combine(_place.FullName, "image");
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", Path) is not null)
        {
            File.WriteAllBytes(image, new byte[(megabytes + 1) * 1024 * 1024]);
            var fault = Run("mkfs.ext2", "-q", "-F", image) ?? Run("mount", "-o", "loop", image, Path);
            Assert.True(fault is null, $"These tests need a small disk and must be allowed to mount one (root, or CAP_SYS_ADMIN): {fault}");
        }
    }

    public string Path { get; }

    public void Fill()
    {
        using var file = new FileStream(
            System.IO.Path.Combine(Path, "ballast"),
            FileMode.Append,
            FileAccess.Write,
            FileShare.None,
            bufferSize: 0
        );
        try
        {
            for (var block = new byte[4_096]; ; )
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Clear() => File.Delete(System.IO.Path.Combine(Path, "ballast"));

    public void MakeReadOnly() => Assert.Null(Run("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        Run("umount", "-l", Path);
        _place.Delete(recursive: true);
    }

    private static string? Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{program}: {error.Trim()}";
    }
}

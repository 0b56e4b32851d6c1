using Gateway.Core.Configuration;

namespace Gateway.Hosting;

/// <summary>The folder of everything that is stored (<c>DATA_DIR</c>).</summary>
internal static class DataFolder
{
    /// <summary>Makes it and writes in it once, so that a folder that does not take anything is found before the first row.</summary>
    /// <exception cref="StartFailedException">It cannot be made or written in.</exception>
    public static void Prepare(HubOptions options)
    {
        if (options.Server.Role == HubRole.Admin && options.Database.DatabaseUrl is not null)
        {
            return; // nothing is stored in it but logos
        }
        if (FindFault(options.Server.DataDirectory) is { } fault)
        {
            throw new StartFailedException(fault);
        }
    }

    /// <summary>Why nothing can be stored in a folder; null when it can. Makes the folder.</summary>
    public static string? FindFault(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(
                Path.Combine(folder, $".write-test-{Guid.CreateVersion7():N}"),
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            );
            probe.WriteByte(0);
            probe.Flush(flushToDisk: true);
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"DATA_DIR is \"{folder}\", and this process (user \"{Environment.UserName}\") cannot write "
                + $"there: {fault.Message.ReplaceLineEndings(" ").TrimEnd('.')}. "
                + "Give that user the right to write in it, or set DATA_DIR to another folder.";
        }
    }
}

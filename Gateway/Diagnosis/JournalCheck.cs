using Gateway.Core.Configuration;

namespace Gateway.Diagnosis;

/// <summary>What do the journals in the data folder hold?</summary>
internal static class JournalCheck
{
    private const string Part = "journal";
    private const string Segments = "*.segment";
    private const string Damaged = "damaged-*.bin";

    public static Finding Run(ServerOptions options)
    {
        var folder = Path.Combine(options.DataDirectory, "journal");
        try
        {
            if (!Directory.Exists(folder))
            {
                return Finding.Ok(Part, "is not there yet; the first start makes it");
            }
            var segments = Count(folder, Segments);
            var damaged = Directory.EnumerateFiles(folder, Damaged, SearchOption.AllDirectories).ToList();
            return damaged.Count > 0
                ? Finding.Warning(
                    Part,
                    $"{damaged.Count} files hold records that could not be read, such as {damaged[0]}. Look at "
                        + "the disk, run \"ledger check\", then move the files away."
                )
                : Finding.Ok(
                    Part,
                    $"{segments} segments of {Directory.EnumerateDirectories(folder).Count()} nodes; what is left of "
                        + "nodes that are gone comes into the ledger at the next start"
                );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return Finding.Fault(Part, $"{folder} cannot be read: {fault.Message} Give this process the right to read and write in it.");
        }
    }

    private static int Count(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Count();
}

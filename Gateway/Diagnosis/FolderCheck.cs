using Gateway.Core.Configuration;
using Gateway.Hosting;

namespace Gateway.Diagnosis;

/// <summary>Can the data folder be written in, and is there room for the journal?</summary>
internal static class FolderCheck
{
    private const string Part = "data folder";
    private const int LeastSegments = 4; // two are on the disk at least, and the database needs room too
    private const long Mebibyte = 1024 * 1024;

    public static Finding Run(HubOptions options)
    {
        var folder = Path.GetFullPath(options.Server.DataDirectory);
        if (!Directory.Exists(folder))
        {
            return Path.Exists(folder)
                ? Finding.Fault(Part, $"{folder} is a file. Set DATA_DIR to a folder.")
                : Finding.Ok(Part, $"{folder} is not there yet; the first start makes it");
        }
        if (DataFolder.FindFault(folder) is { } fault)
        {
            return Finding.Fault(Part, fault);
        }
        var free = new DriveInfo(folder).AvailableFreeSpace;
        return free < (long)options.Ledger.JournalSegmentBytes * LeastSegments
            ? Finding.Warning(
                Part,
                $"{folder} has {free / Mebibyte} MiB left. Make room: the journal alone wants {LeastSegments} "
                    + "times JOURNAL_SEGMENT_BYTES."
            )
            : Finding.Ok(Part, $"{folder} can be written in; {free / Mebibyte} MiB are free");
    }
}

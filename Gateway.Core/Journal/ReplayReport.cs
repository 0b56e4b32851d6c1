namespace Gateway.Core.Journal;

/// <summary>What a replay found.</summary>
/// <param name="Segments">Segments that were read.</param>
/// <param name="Records">Whole records.</param>
/// <param name="ConfirmedRecords">Those among them whose calls were in the database already.</param>
/// <param name="UnpublishedPlaces">Places that were taken and not published: the process ended in between. Nobody relied on them.</param>
/// <param name="DamagedPlaces">Runs of slots that make no whole record and were set aside. Never zero without a reason to look at the
/// disk.</param>
/// <param name="DamagedFiles">Where they are.</param>
public sealed record ReplayReport(
    int Segments,
    long Records,
    long ConfirmedRecords,
    int UnpublishedPlaces,
    int DamagedPlaces,
    IReadOnlyList<string> DamagedFiles
);

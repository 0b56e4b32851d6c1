using System.Globalization;
using System.Text;
using Gateway.Core.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Journal;

/// <summary>What a test kills: a process that writes a journal.</summary>
internal static class JournalChild
{
    /// <summary>
    /// Appends holds and settlements for ever and says of each, only after it was published: <c>hold</c> or <c>settle</c>, the call's id,
    /// and its cost.
    /// </summary>
    public static int Append(string folder, int threads)
    {
        using var output = Console.OpenStandardOutput();
        var journal = CallJournal.Open(JournalFolder.Lock(folder), new JournalOptions { SegmentBytes = 1024 * 1024 }, NullLogger.Instance);
        for (var i = 0; i < threads; i++)
        {
            new Thread(AppendForEver) { IsBackground = true }.Start();
        }
        Console.In.ReadToEnd();
        return 0;

        void AppendForEver()
        {
            for (long cost = 1; ; cost++)
            {
                var callId = Guid.CreateVersion7();
                var hold = journal.TryHold(Calls.Hold(callId, bound: cost * 2));
                if (!hold.IsPublished)
                {
                    continue;
                }
                Say("hold", callId, cost * 2);
                if (journal.TrySettle(Calls.Usage(callId, cost), hold.Position).IsPublished)
                {
                    Say("settle", callId, cost);
                }
            }
        }

        // One write a line: lines of several threads do not mix, and none waits in a buffer that dies with the process.
        void Say(string what, Guid callId, long amount)
        {
            var line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what} {callId} {amount}\n"));
            lock (output)
            {
                output.Write(line);
            }
        }
    }

    /// <summary>Locks a folder, says so, and keeps it until it is told to end, or killed.</summary>
    public static int HoldLock(string folder)
    {
        using var locked = JournalFolder.Lock(folder);
        Console.WriteLine("locked");
        Console.In.ReadToEnd();
        return 0;
    }
}

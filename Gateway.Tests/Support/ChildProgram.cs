using System.Diagnostics;
using Gateway.Tests.Journal;

namespace Gateway.Tests.Support;

/// <summary>This assembly as a program: what tests run in a process of its own, to lock it out or to kill it.</summary>
internal static class ChildProgram
{
    private static int Main(string[] arguments) =>
        arguments switch
        {
            ["journal-append", var folder, var threads] => JournalChild.Append(
                folder,
                int.Parse(threads, System.Globalization.CultureInfo.InvariantCulture)
            ),
            ["journal-hold-lock", var folder] => JournalChild.HoldLock(folder),
            _ => 0, // the test platform runs the assembly without starting it
        };

    /// <summary>Starts it. Its standard input ends with this process, and it ends with its standard input.</summary>
    public static Process Start(params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo("dotnet", [typeof(ChildProgram).Assembly.Location, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
}

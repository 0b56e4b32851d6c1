namespace Gateway.Tests.WebConsole;

/// <summary>
/// The browser tests there are, by file. Written down so that each is a result of its own in <c>dotnet test</c>, and so that one that is
/// lost, or never listed, is noticed.
/// </summary>
internal static class ConsoleTestNames
{
    private static readonly Dictionary<string, string[]> ByFile = new()
    {
        ["calls.spec.ts"] =
        [
            "a link with filters shows the calls that match",
            "a call's page tells its story in time, tokens and money",
            "a call is found by the id of its answer's header; an unknown one is said to be",
            "somebody else's call is not found",
            "times are local and tell UTC",
            "usage is split, narrowed down and kept in the address",
            "usage is downloaded as the API's own table",
        ],
        ["keys.spec.ts"] =
        [
            "a key is made, shown once, and works",
            "bad input is refused at its field before and after it is sent",
            "a key is changed, and what was not changed stays",
            "a rotated key works by both secrets until the overlap ends",
            "a key is revoked only after it was confirmed",
        ],
        ["playground.spec.ts"] =
        [
            "an answer is shown as it comes, with its tokens and what it cost",
            "a stream is stopped, and what was there stays",
            "what the upstream refuses is told in its words",
            "the quick start has the own address, key and model filled in",
            "an admin reads who changed what",
        ],
        ["sign-in.spec.ts"] =
        [
            "a wrong password is refused in the API's words",
            "an empty form names the fields that are missing",
            "signing in shows the view that was asked for",
            "a reload keeps the session, and no token is where scripts could find it",
            "signing out ends the session here and at the gateway",
            "a token that the gateway refuses is renewed unseen",
            "a token is renewed before it ends",
            "a session that ended elsewhere asks to sign in again and goes on where it was",
            "two tabs that start at once both stay signed in",
        ],
        ["views.spec.ts"] =
        [
            "admin: the menu has the views of the role, and each works",
            "support: the menu has the views of the role, and each works",
            "customer: the menu has the views of the role, and each works",
            "other: the menu has the views of the role, and each works",
            "dark colours are readable too",
            "on a phone nothing is wider than the screen",
            "the page speaks Russian, and goes on to after a reload",
            "the palette opens by keyboard and leads to a view",
            "the keyboard skips the menu",
            "an operator's address shows a customer what the API answers",
            "an address that leads nowhere says so",
            "a view whose data cannot be had says why, and tries again",
        ],
    };

    /// <summary>Every test as file and name.</summary>
    public static IEnumerable<(string File, string Name)> All => ByFile.SelectMany(file => file.Value.Select(name => (file.Key, name)));
}

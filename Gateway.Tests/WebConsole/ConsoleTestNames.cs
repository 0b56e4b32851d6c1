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
            "usage is split by tag and end user, beside the period before, and leads to the calls",
        ],
        ["catalogue.spec.ts"] =
        [
            "a tier is made after bad input was refused, changed and deleted",
            "a tier with users stays, and why is said",
            "a team is made after bad input was refused, found, changed and deleted",
            "a model without a price is said to be, and gets one",
            "a model is made after bad input was refused, and deleted",
            "an upstream is connected, tried and synced, with the result",
            "an upstream is connected after bad input was refused, disabled, changed and deleted",
            "what is taken over from LiteLLM tells its result part by part",
            "a model that was deleted here is kept out of syncs until it is allowed again",
        ],
        ["gateway.spec.ts"] =
        [
            "a setting is refused in place and then saved",
            "a link shows one category of settings",
            "the ledger is checked, and its entries are downloaded",
            "a call in flight is shown with what it holds until it ends",
            "the wizard leads from the password to the first call, seen live",
            "a customer's address of the wizard shows what the API answers",
        ],
        ["keyboard.spec.ts"] =
        [
            "the keyboard alone makes a tier",
            "the keyboard alone makes a team",
            "the keyboard alone makes a model",
            "the keyboard alone makes an upstream",
            "the keyboard alone makes a user",
            "the keyboard alone makes a budget",
            "the keyboard alone makes a rate limit",
            "the keyboard alone makes, changes, rotates and revokes a key",
            "the keyboard alone changes a user and books money after a question",
            "the keyboard alone saves a setting, filters a list and finds a call",
            "the keyboard alone talks in the playground and in a chat, and renames the chat",
            "the keyboard alone goes through the wizard's password and signs in with it",
        ],
        ["keys.spec.ts"] =
        [
            "a key is made, shown once, and works",
            "bad input is refused at its field before and after it is sent",
            "a key is changed, and what was not changed stays",
            "a rotated key works by both secrets until the overlap ends",
            "a key is revoked only after it was confirmed",
        ],
        ["limits.spec.ts"] =
        [
            "a budget is made, changed and deleted",
            "a budget with bad input says so at its fields",
            "a rate limit of a tier is made, refused, changed and deleted",
            "support sees budgets and may change none",
            "who came near the cap of a budget is listed",
            "a budget of an end user is made, found and told apart",
        ],
        ["own.spec.ts"] =
        [
            "a chat answers as it streams, takes a file, is renamed, archived and deleted",
            "an answer in a chat is stopped, and what came stays",
            "a refused message is told in the API's words, and can be sent again",
            "a bill shows the month by day and model, and is downloaded",
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
            "signing in at an identity provider leads back to the view that was asked for",
            "a sign-in at an identity provider that fails says why and leaves the address clean",
        ],
        ["users.spec.ts"] =
        [
            "a user is found by a part of the email, and a link finds the same",
            "a search that finds nobody says so",
            "a user is made after bad input was refused at its fields",
            "a user is changed; another role is asked for once more",
            "a user is deactivated, activated and deleted, each after a question",
            "money is booked only after a question, and the balance shows it",
            "a pending payment is completed after a question",
            "an admin makes a key for a user, and sees a user's calls",
        ],
        ["views.spec.ts"] =
        [
            "admin: the menu has the views of the role, and each works",
            "support: the menu has the views of the role, and each works",
            "customer: the menu has the views of the role, and each works",
            "other: the menu has the views of the role, and each works",
            "views in Russian have no English left, are readable in dark colours, and no wider than a phone",
            "a user's page and a new key are in Russian too",
            "a model, a call and the palette are in Russian too",
            "a phone has the menu behind a button",
            "the page speaks Russian, and goes on to after a reload",
            "the palette opens by keyboard and leads to a view",
            "every view is found in the palette by its name",
            "the keyboard skips the menu",
            "an operator's address shows a customer what the API answers",
            "an address that leads nowhere says so",
            "a view whose data cannot be had says why, and tries again",
        ],
    };

    /// <summary>Every test as file and name.</summary>
    public static IEnumerable<(string File, string Name)> All => ByFile.SelectMany(file => file.Value.Select(name => (file.Key, name)));
}

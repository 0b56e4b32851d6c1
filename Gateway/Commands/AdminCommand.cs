using System.CommandLine;
using Gateway.Admin;
using Gateway.Hosting;

namespace Gateway.Commands;

/// <summary><c>admin reset-password</c>: the way back in for an operator whose password is lost. It works beside a running
/// gateway.</summary>
internal static class AdminCommand
{
    private static readonly Argument<string?> Account = new("account")
    {
        Description = "Its email or username; may be left out when there is one admin",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Generates = new("--generate")
    {
        Description = "Invent a password and print it, instead of " + "asking for one",
    };

    /// <summary>Declares the commands.</summary>
    public static Command Create(Func<ParseResult, CommandContext> contextOf)
    {
        var reset = new Command(
            "reset-password",
            "Sets a new password and ends all sessions of the account. Asks for the password; without a terminal it is the first line "
                + "of standard input"
        )
        {
            Account,
            Generates,
        };
        reset.SetAction(
            (parsed, _) =>
            {
                var context = contextOf(parsed);
                return CommandRun.WithDatabaseAsync(
                    context,
                    services => ResetAsync(parsed, context, services.GetRequiredService<PasswordReset>()),
                    services => services.AddPasswordReset()
                );
            }
        );
        return new Command("admin", "Help for operators who cannot sign in") { reset };
    }

    private static async Task<int> ResetAsync(ParseResult parsed, CommandContext context, PasswordReset resets)
    {
        var account = await FindAsync(parsed.GetValue(Account), resets, context.Stop);
        var generates = parsed.GetValue(Generates);
        var password = generates ? PasswordReset.Generate() : await AskAsync(context, account.Email);
        if (!await resets.SetAsync(account, password, context.Stop))
        {
            throw new StartFailedException($"The account {account.Email} was deleted at this moment.");
        }
        await context.Errors.WriteLineAsync($"{account.Email} has a new password, and all its sessions are ended.");
        if (!account.IsActive)
        {
            await context.Errors.WriteLineAsync("The account is inactive: another admin must activate it before it can sign in.");
        }
        if (generates)
        {
            await context.Output.WriteLineAsync(password);
        }
        return ExitCodes.Done;
    }

    private static async Task<ResettableAccount> FindAsync(string? name, PasswordReset resets, CancellationToken cancellationToken)
    {
        if (name is not null)
        {
            return await resets.FindAsync(name, cancellationToken)
                ?? throw new StartFailedException($"There is no account with the " + $"email or username \"{name}\".");
        }
        var admins = await resets.AdminEmailsAsync(cancellationToken);
        return admins switch
        {
            [] => throw new StartFailedException(
                "There is no admin. Set ADMIN_EMAIL and ADMIN_PASSWORD and start the gateway: it " + "makes one."
            ),
            [var only] => (await resets.FindAsync(only, cancellationToken))!,
            _ => throw new StartFailedException($"There are several admins; name one of them: {string.Join(", ", admins)}."),
        };
    }

    // Never an argument: the list of processes and the shell's history would keep it.
    private static async Task<string> AskAsync(CommandContext context, string email)
    {
        if (context.ReadHidden is not { } readHidden)
        {
            return Checked(await context.Input.ReadLineAsync(context.Stop) ?? "");
        }
        await context.Errors.WriteAsync($"New password for {email}: ");
        var password = Checked(readHidden() ?? "");
        await context.Errors.WriteAsync("Once more: ");
        return readHidden() == password ? password : throw new StartFailedException("The two passwords differ. Nothing was changed.");
    }

    private static string Checked(string password) =>
        password.Length is >= PasswordReset.Shortest and <= PasswordReset.Longest
            ? password
            : throw new StartFailedException(
                $"A password has {PasswordReset.Shortest} to {PasswordReset.Longest} characters; this one has {password.Length}. Nothing "
                    + "was changed. --generate invents one."
            );
}

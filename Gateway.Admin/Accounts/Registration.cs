using System.Security.Cryptography;
using Gateway.Admin.Billing;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Quotas;
using Gateway.Core.Accounts;
using Gateway.Core.Configuration;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>
/// New accounts that nobody but their owner made: user, first session and welcome credit in one transaction, so that of two
/// parallel registrations of one email exactly one succeeds.
/// </summary>
internal sealed class Registration(ChangeWriter changes, Passwords passwords, Sessions sessions, AccountOptions options)
{
    private const int Attempts = 5;

    public async Task<(AuthResponse? Tokens, ApiError? Refusal)> RegisterAsync(
        NewAccount wish,
        Actor actor,
        string? userAgent,
        CancellationToken cancellationToken
    )
    {
        if (options.RegistrationEnabled == false)
        {
            return (null, ApiError.RegistrationDisabled);
        }
        var hash = await passwords.HashAsync(wish.Password, cancellationToken); // before the transaction: it takes long
        for (var attempt = 1; ; attempt++)
        {
            await using var change = await changes.BeginAsync(actor, cancellationToken);
            var db = change.Db;
            if (options.RegistrationEnabled is null && !await HubSettings.RegistrationEnabled.ReadFlagAsync(db, cancellationToken))
            {
                return (null, ApiError.RegistrationDisabled);
            }
            if (await FindTierAsync(db, wish, cancellationToken) is not { } tier)
            {
                return (null, ApiError.UnknownTier);
            }
            if (tier is { IsFree: false, PriceNanoUsd: > 0 })
            {
                return (null, ApiError.TierNotAllowed);
            }
            if (
                await UserDirectory.FindTakenAsync(
                    db,
                    "",
                    wish.Email,
                    wish.Username.Value?.ToLowerInvariant(),
                    wish.Phone.Value,
                    cancellationToken
                ) is
                { } taken
            )
            {
                return (null, taken);
            }
            var username = wish.Username.Value ?? await Usernames.FindFreeAsync(db, wish.Email, cancellationToken);
            var user = NewRow(wish.Email, username, hash, tier, change.Now);
            (user.Name, user.Phone) = (wish.FullName, wish.Phone.Value);
            user.FreeTierStatus = await NewAccounts.StatusAsync(db, tier, cancellationToken);
            try
            {
                return (await OpenAsync(change, user, actor, userAgent, "user.registered", cancellationToken), null);
            }
            catch (DbUpdateException fault) when (attempt < Attempts && changes.IsUniqueViolation(fault))
            {
                // Somebody took the email, the name or the phone in this moment: look again.
            }
        }
    }

    /// <summary>
    /// An account without credentials of its own that lives for some days. It may call free models only: its budget pays for none.
    /// </summary>
    public async Task<(AuthResponse? Tokens, ApiError? Refusal)> OpenGuestAsync(
        Actor actor,
        string? userAgent,
        CancellationToken cancellationToken
    )
    {
        var hash = await passwords.HashAsync(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellationToken);
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        if (await NewAccounts.FindTierAsync(change.Db, null, cancellationToken) is not { } tier)
        {
            return (null, ApiError.UnknownTier);
        }
        var name = $"guest-{Guid.CreateVersion7():N}";
        var user = NewRow($"{name}@guest.invalid", name, hash, tier, change.Now);
        (user.IsGuest, user.ExpiresAt) = (true, change.Now + options.GuestLife);
        user.FreeTierStatus = await NewAccounts.StatusAsync(change.Db, tier, cancellationToken);
        var budget = BudgetDirectory.NewRow(new QuotaTarget(QuotaScope.User, user.Id, ModelId: null), BudgetSources.Admin, change.Now);
        budget.MaxBudgetNanoUsd = 1; // no paid call fits
        change.Db.Budgets.Add(budget);
        return (await OpenAsync(change, user, actor, userAgent, "user.guest_opened", cancellationToken), null);
    }

    private async Task<AuthResponse> OpenAsync(
        Change change,
        User user,
        Actor actor,
        string? userAgent,
        string action,
        CancellationToken cancellationToken
    )
    {
        change.Db.Users.Add(user);
        change.Audit(action, ChangedEntities.User, user.Id, user);
        change.Touch(ChangedEntities.User, user.Id);
        await change.Db.SaveChangesAsync(cancellationToken);
        var credit = user.IsGuest ? Money.Zero : await HubSettings.SignupCredit.ReadMoneyAsync(change.Db, cancellationToken);
        if (credit > Money.Zero)
        {
            var deposit = new NewTransaction
            {
                Type = TransactionTypes.Deposit,
                Amount = credit,
                Description = "Welcome credit",
            };
            await TransactionDirectory.AddAsync(change, TransactionDirectory.NewRow(user.Id, deposit, change.Now), cancellationToken);
        }
        var tokens = await sessions.OpenAsync(change, user.Id, actor, userAgent, cancellationToken);
        await change.CommitAsync(cancellationToken);
        return tokens;
    }

    private static User NewRow(string email, string username, string hash, Tier tier, DateTime now) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            Email = email,
            Username = username,
            UsernameKey = username.ToLowerInvariant(),
            PasswordHash = hash,
            Role = Roles.Customer,
            TierId = tier.Id,
            IsActive = true,
            FreeTierStatus = FreeTierStatuses.None,
            CreatedAt = now,
            UpdatedAt = now,
        };

    private static async Task<Tier?> FindTierAsync(HubDbContext db, NewAccount wish, CancellationToken cancellationToken)
    {
        var nameKey = wish.TierName?.ToLowerInvariant();
        return wish.TierId is null && nameKey is not null
            ? await db.Tiers.FirstOrDefaultAsync(t => t.NameKey == nameKey, cancellationToken)
            : await NewAccounts.FindTierAsync(db, wish.TierId, cancellationToken);
    }
}

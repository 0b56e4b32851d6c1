using Gateway.Admin.Accounts;
using Gateway.Admin.ApiKeys;
using Gateway.Admin.Changes;
using Gateway.Admin.Quotas;
using Gateway.Admin.Settings;
using Gateway.Core.Accounts;
using Gateway.Core.Chats;
using Gateway.Core.Configuration;
using Gateway.Core.Keys;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin;

/// <summary>
/// Puts in what an empty database lacks: tiers, settings, the first admin. Runs at every start after the migrations and does nothing where
/// the rows stand already. Nodes that start at the same moment wait for each other, so nothing is made twice.
/// </summary>
public sealed partial class FirstStart
{
    private const string InventedEmail = "admin@localhost";
    private const int InventedPasswordLength = 24; // 143 random bits
    private const long FreeRequestsPerMinute = 60;
    private const long FreeRequestsPerDay = 2_000;
    private const long FreeTokensPerMinute = 200_000;
    private const long FreeTokensPerDay = 2_000_000;

    private static readonly (string Name, string Description, bool IsFree, decimal PriceUsd)[] Tiers =
    [
        ("Free", "For trying things out", true, 0),
        ("Starter", "From 10 USD spent", false, 10),
        ("Pro", "From 100 USD spent", false, 100),
        ("Enterprise", "From 1000 USD spent", false, 1_000),
    ];

    private readonly IDbContextFactory<HubDbContext> _databases;
    private readonly ChangeWriter _changes;
    private readonly Passwords _passwords;
    private readonly AccountOptions _options;
    private readonly EnvironmentUpstreams _upstreams;
    private readonly IHostEnvironment _environment;
    private readonly ILogger<FirstStart> _logger;

    internal FirstStart(
        IDbContextFactory<HubDbContext> databases,
        ChangeWriter changes,
        Passwords passwords,
        AccountOptions options,
        EnvironmentUpstreams upstreams,
        IHostEnvironment environment,
        ILogger<FirstStart> logger
    ) =>
        (_databases, _changes, _passwords, _options, _upstreams, _environment, _logger) = (
            databases,
            changes,
            passwords,
            options,
            upstreams,
            environment,
            logger
        );

    /// <summary>Adds what is missing.</summary>
    /// <returns>
    /// What was invented and nobody knows yet: only in Development, only at the first start without <c>ADMIN_EMAIL</c>. To be shown once
    /// and never logged.
    /// </returns>
    public async Task<FirstStartResult> RunAsync(CancellationToken ct)
    {
        await SeedAsync(ct);
        await AddPlatformAsync(ct);
        await AddUpstreamsAsync(ct);
        await TellRegistrationAsync(ct);
        if (await HasAdminAsync(ct))
        {
            return FirstStartResult.Nothing;
        }
        var invents = _options.AdminEmail is null;
        if (invents && !_environment.IsDevelopment())
        {
            Log.NoAdmin(_logger);
            return FirstStartResult.Nothing;
        }
        var email = _options.AdminEmail ?? InventedEmail;
        var password = _options.AdminPassword ?? Base62.Random(InventedPasswordLength);
        var key =
            _options.BootstrapKey is { } given ? ApiKeyText.From(given)
            : invents ? ApiKeyText.Create()
            : null;
        if (!await AddAdminAsync(email, password, key, ct))
        {
            return FirstStartResult.Nothing;
        }
        return invents ? new FirstStartResult(email, password, _options.BootstrapKey is null ? key!.Text : null) : FirstStartResult.Nothing;
    }

    // Pays for what the platform does of itself; nobody can sign in as it.
    private async Task AddPlatformAsync(CancellationToken ct)
    {
        await using (var db = await _databases.CreateDbContextAsync(ct))
        {
            if (await db.Users.AnyAsync(u => u.Id == PlatformUser.Id, ct))
            {
                return;
            }
        }
        await using var change = await _changes.BeginAsync(Actor.System, ct);
        await change.OneAtATimeAsync(ct);
        if (
            await change.Db.Users.AnyAsync(u => u.Id == PlatformUser.Id, ct)
            || await NewAccounts.FindTierAsync(change.Db, null, ct) is not { } tier
        )
        {
            return;
        }
        change.Db.Users.Add(
            new User
            {
                Id = PlatformUser.Id,
                Email = PlatformUser.Email,
                Username = PlatformUser.Id,
                UsernameKey = PlatformUser.Id,
                Name = "Platform",
                PasswordHash = "",
                Role = Roles.Customer,
                TierId = tier.Id,
                FreeTierStatus = FreeTierStatuses.Approved,
                CreatedAt = change.Now,
                UpdatedAt = change.Now,
            }
        );
        change.Touch(ChangedEntities.User, PlatformUser.Id);
        await change.CommitAsync(ct);
    }

    // Where the environment's upstreams get their weight and models from. Their keys are never stored.
    private async Task AddUpstreamsAsync(CancellationToken ct)
    {
        var given = _upstreams.All.Where(u => u.IsStored).ToList();
        if (given.Count == 0)
        {
            return;
        }
        await using (var db = await _databases.CreateDbContextAsync(ct))
        {
            if (await LacksNoneAsync(db))
            {
                return;
            }
        }
        await using var change = await _changes.BeginAsync(Actor.System, ct);
        await change.OneAtATimeAsync(ct);
        var standing = await change.Db.Upstreams.Select(u => u.Name).ToListAsync(ct);
        foreach (var upstream in given.Where(u => !standing.Contains(u.Name)))
        {
            var row = new UpstreamRow
            {
                Id = Guid.CreateVersion7().ToString(),
                Name = upstream.Name,
                Kind = upstream.Kind.Name,
                BaseUrl = string.Join(',', upstream.Addresses),
                FolderId = upstream.Folder,
                Weight = 1,
                Priority = upstream.Priority,
                IsEnabled = true,
                SyncsModels = true,
                IsFromEnvironment = true,
                CreatedAt = change.Now,
                UpdatedAt = change.Now,
            };
            change.Db.Upstreams.Add(row);
            change.Audit("upstream.created", ChangedEntities.Upstream, row.Id, row);
            change.Touch(ChangedEntities.Upstream, row.Id);
        }
        await change.CommitAsync(ct);

        async Task<bool> LacksNoneAsync(HubDbContext db)
        {
            var names = await db.Upstreams.Select(u => u.Name).ToListAsync(ct);
            return given.TrueForAll(u => names.Contains(u.Name));
        }
    }

    private async Task SeedAsync(CancellationToken ct)
    {
        await using (var db = await _databases.CreateDbContextAsync(ct))
        {
            if (
                await db.Tiers.AnyAsync(ct)
                && await db.Currencies.AnyAsync(ct)
                && await db.Settings.CountAsync(ct) >= HubSettings.All.Count
            )
            {
                return;
            }
        }
        await using var change = await _changes.BeginAsync(Actor.System, ct);
        await change.OneAtATimeAsync(ct);
        if (!await change.Db.Tiers.AnyAsync(ct))
        {
            var tiers = Tiers
                .Select(t => new Tier
                {
                    Id = Guid.CreateVersion7().ToString(),
                    Name = t.Name,
                    NameKey = t.Name.ToLowerInvariant(),
                    Description = t.Description,
                    IsFree = t.IsFree,
                    PriceNanoUsd = Money.FromUsd(t.PriceUsd).NanoUsd,
                    CreatedAt = change.Now,
                    UpdatedAt = change.Now,
                })
                .ToList();
            change.Db.Tiers.AddRange(tiers);
            change.Touch(ChangedEntities.Tier, "*");
            // In Development the upstream is the sandbox, where a rate would guard nothing.
            if (!_environment.IsDevelopment())
            {
                change.Db.RateLimits.AddRange(tiers.Where(t => t.IsFree).Select(t => FreeRates(t.Id, change.Now)));
                change.Touch(ChangedEntities.RateLimit, "*");
            }
        }
        if (!await change.Db.Currencies.AnyAsync(ct))
        {
            change.Db.Currencies.AddRange(
                new Currency
                {
                    Id = "USD",
                    Name = "US Dollar",
                    Symbol = "$",
                },
                new Currency
                {
                    Id = "RUB",
                    Name = "Russian Ruble",
                    Symbol = "₽",
                }
            );
        }
        var standing = await change.Db.Settings.Select(s => s.Key).ToListAsync(ct);
        change.Db.Settings.AddRange(HubSettings.All.Where(s => !standing.Contains(s.Key)).Select(s => SettingRow(s, change.Now)));
        change.Touch(ChangedEntities.Setting, "*");
        await change.CommitAsync(ct);
    }

    // Registration starts open only where the process is somebody's own: in Development.
    private Setting SettingRow(SettingSeed seed, DateTime now)
    {
        var row = seed.ToRow(now);
        row.Value = seed == HubSettings.RegistrationEnabled && _environment.IsDevelopment() ? "true" : row.Value;
        return row;
    }

    // For each user of the tier, over all models together.
    private static RateLimitRow FreeRates(string tierId, DateTime now) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            TierId = tierId,
            ScopeKey = new QuotaTarget(QuotaScope.TierModel, tierId, ModelId: null).Key,
            Mode = QuotaMode.Enforce.ToName(),
            RequestsPerMinute = FreeRequestsPerMinute,
            RequestsPerDay = FreeRequestsPerDay,
            TokensPerMinute = FreeTokensPerMinute,
            TokensPerDay = FreeTokensPerDay,
            CreatedAt = now,
            UpdatedAt = now,
        };

    // An operator must know whether strangers can get in.
    private async Task TellRegistrationAsync(CancellationToken ct)
    {
        if (_environment.IsDevelopment())
        {
            return;
        }
        await using var db = await _databases.CreateDbContextAsync(ct);
        if (_options.RegistrationEnabled ?? await HubSettings.RegistrationEnabled.ReadFlagAsync(db, ct))
        {
            Log.RegistrationIsOpen(_logger);
        }
        else
        {
            Log.RegistrationIsClosed(_logger);
        }
    }

    private async Task<bool> HasAdminAsync(CancellationToken ct)
    {
        await using var db = await _databases.CreateDbContextAsync(ct);
        return await AnyAdminAsync(db, ct);
    }

    // False when another node made the admin in the meantime, or the email is somebody else's: an existing account is never promoted.
    private async Task<bool> AddAdminAsync(string email, string password, NewApiKey? key, CancellationToken ct)
    {
        var hash = await _passwords.HashAsync(password, ct);
        await using var change = await _changes.BeginAsync(Actor.System, ct);
        await change.OneAtATimeAsync(ct);
        if (await AnyAdminAsync(change.Db, ct))
        {
            return false;
        }
        if (await change.Db.Users.AnyAsync(u => u.Email == email, ct))
        {
            Log.AdminEmailTaken(_logger);
            return false;
        }
        var username = await Usernames.FindFreeAsync(change.Db, email, ct);
        var admin = new User
        {
            Id = Guid.CreateVersion7().ToString(),
            Email = email,
            Username = username,
            UsernameKey = username,
            PasswordHash = hash,
            Role = Roles.Admin,
            TierId = await change.Db.Tiers.OrderByDescending(t => t.PriceNanoUsd).ThenBy(t => t.Id).Select(t => t.Id).FirstAsync(ct),
            IsActive = true,
            IsVerified = true,
            FreeTierStatus = FreeTierStatuses.Approved,
            CreatedAt = change.Now,
            UpdatedAt = change.Now,
        };
        change.Db.Users.Add(admin);
        change.Audit("user.created", ChangedEntities.User, admin.Id, admin);
        change.Touch(ChangedEntities.User, admin.Id);
        if (key is not null)
        {
            ApiKeyDirectory.Add(change, ApiKeyDirectory.NewRow(admin.Id, "first key", key, change.Now));
        }
        await change.CommitAsync(ct);
        return true;
    }

    private static Task<bool> AnyAdminAsync(HubDbContext db, CancellationToken ct) =>
        db.Users.AnyAsync(u => u.Role == Roles.Admin && u.DeletedAt == null, ct);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Registration is open: anybody who reaches this address may make an account. Set REGISTRATION_ENABLED=false or "
                + "the setting registration_enabled to close it."
        )]
        public static partial void RegistrationIsOpen(ILogger logger);

        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Registration is closed: admins make the accounts. Set REGISTRATION_ENABLED=true or the setting "
                + "registration_enabled to open it."
        )]
        public static partial void RegistrationIsClosed(ILogger logger);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "There is no admin. Set ADMIN_EMAIL and ADMIN_PASSWORD and start again to make the first one."
        )]
        public static partial void NoAdmin(ILogger logger);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "ADMIN_EMAIL belongs to an account that is no admin, which is not promoted. Choose another address."
        )]
        public static partial void AdminEmailTaken(ILogger logger);
    }
}

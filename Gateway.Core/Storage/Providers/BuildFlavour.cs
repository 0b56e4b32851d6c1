using System.Data.Common;
using Gateway.Core.Configuration;
using Microsoft.EntityFrameworkCore.Infrastructure;
#if HUB_MYSQL
using Gateway.Core.Storage.Providers.MySql;
#else
using Microsoft.EntityFrameworkCore;
#endif

namespace Gateway.Core.Storage.Providers;

/// <summary>
/// All in which the two builds of this source differ: the one with MySQL and MariaDB stands on EF Core 9, because Pomelo's provider does.
/// See docs/decisions/mysql.md.
/// </summary>
public static class BuildFlavour
{
    /// <summary>What to do where this build does not speak MySQL.</summary>
    public const string MySqlRemedy =
        "this build of the gateway speaks SQLite and PostgreSQL. Take the one with MySQL and MariaDB: build with -p:HubDatabase=mysql, or "
        + "the image with --build-arg HUB_DATABASE=mysql";

#if HUB_MYSQL
    /// <summary>Whether this build speaks MySQL and MariaDB.</summary>
    public static bool HasMySql => true;

    internal static StoreProvider MySql(DatabaseUrl url, DatabaseOptions options) => new MySqlStore(url, options);

    internal static bool IsMySqlAway(DbException fault) => MySqlFaults.IsAway(fault);

    // One parameter for all values of a list is what EF Core 9 does without being told.
    internal static void SendListsAsOneParameter<TBuilder, TExtension>(RelationalDbContextOptionsBuilder<TBuilder, TExtension> options)
        where TBuilder : RelationalDbContextOptionsBuilder<TBuilder, TExtension>
        where TExtension : RelationalOptionsExtension, new() { }
#else
    /// <summary>Whether this build speaks MySQL and MariaDB.</summary>
    public static bool HasMySql => false;

    internal static StoreProvider MySql(DatabaseUrl url, DatabaseOptions options) =>
        throw new InvalidDataException($"{url} is a MySQL address; {MySqlRemedy}.");

    internal static bool IsMySqlAway(DbException fault) => false;

    // A parameter for each value would be another statement for each length of a list, planned anew.
    internal static void SendListsAsOneParameter<TBuilder, TExtension>(RelationalDbContextOptionsBuilder<TBuilder, TExtension> options)
        where TBuilder : RelationalDbContextOptionsBuilder<TBuilder, TExtension>
        where TExtension : RelationalOptionsExtension, new() => options.UseParameterizedCollectionMode(ParameterTranslationMode.Parameter);
#endif
}

using Gateway.Core.Storage.Providers;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Gateway.Tests.Storage;

/// <summary>The one answer to "is the database away?".</summary>
public sealed class DatabaseFaultsTests
{
    public static TheoryData<int, bool> SqliteCodes =>
        new()
        {
            { 5, true },
            { 6, true },
            { 8, true },
            { 10, true },
            { 11, true },
            { 13, true },
            { 14, true },
            { 26, true },
            { 517, true }, // busy, locked, read-only, I/O, corrupt, full, cannot open, no database, busy snapshot
            { 1, false },
            { 18, false },
            { 19, false },
            { 20, false },
            { 25, false }, // error, too big, constraint, mismatch, range
        };

    public static TheoryData<string, bool> PostgresStates =>
        new()
        {
            { "08006", true },
            { "40001", true },
            { "40P01", true },
            { "53100", true },
            { "53300", true },
            { "55P03", true },
            { "57014", true },
            { "57P01", true },
            { "57P03", true },
            { "58030", true },
            { "25006", true },
            { "42P01", true },
            { "22003", false },
            { "22021", false },
            { "22001", false },
            { "23505", false },
            { "23502", false },
            { "42601", false },
        };

    [Theory, MemberData(nameof(SqliteCodes))]
    public void SQLite_is_away_by_its_code(int code, bool isAway) =>
        Assert.Equal(isAway, DatabaseFaults.IsAway(new SqliteException("fault", code)));

    [Theory, MemberData(nameof(PostgresStates))]
    public void PostgreSQL_is_away_by_its_state(string state, bool isAway) =>
        Assert.Equal(isAway, DatabaseFaults.IsAway(new PostgresException("fault", "ERROR", "ERROR", state)));

    [Fact]
    public void A_connection_that_broke_or_a_time_that_ran_out_is_away()
    {
        Assert.True(DatabaseFaults.IsAway(new NpgsqlException("broken")));
        Assert.True(DatabaseFaults.IsAway(new TimeoutException()));
        Assert.True(DatabaseFaults.IsAway(new DatabaseGoneException()));
        Assert.True(DatabaseFaults.IsAway(new SqliteException("SQLite Error 1: 'no such table: users'.", 1)));
    }

    [Fact]
    public void What_wraps_it_is_looked_through()
    {
        var locked = new SqliteException("locked", 5);
        Assert.True(DatabaseFaults.IsAway(new DbUpdateException("not saved", locked)));
        Assert.True(DatabaseFaults.IsAway(new InvalidOperationException("likely transient", new DbUpdateException("not saved", locked))));
        Assert.False(DatabaseFaults.IsAway(new DbUpdateException("not saved", new SqliteException("constraint", 19))));
        Assert.False(DatabaseFaults.IsAway(new InvalidOperationException("a bug")));
        Assert.False(DatabaseFaults.IsAway(new DbUpdateConcurrencyException("somebody else", locked)));
    }

    [Fact]
    public void A_fault_of_the_database_is_one_whether_it_is_away_or_not()
    {
        Assert.True(DatabaseFaults.IsOfDatabase(new SqliteException("constraint", 19)));
        Assert.True(DatabaseFaults.IsOfDatabase(new DbUpdateException("not saved", new SqliteException("constraint", 19))));
        Assert.False(DatabaseFaults.IsOfDatabase(new InvalidOperationException("a bug")));
        Assert.False(DatabaseFaults.IsOfDatabase(new OverflowException()));
    }
}

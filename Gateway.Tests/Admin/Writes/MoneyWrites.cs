using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Writes;

/// <summary>Balances, to the nano-dollar.</summary>
internal static class MoneyWrites
{
    public static Dictionary<string, Func<WriteWorld, string, Task>> Cases { get; } =
        new()
        {
            ["POST /transactions/deposit"] = async (world, _) =>
            {
                var person = await world.Hub.NewPersonAsync();
                await WriteWorld.SomeSucceedAsync(10, person.Client, "POST", "/transactions/deposit", _ => new { amount = 1 }, "conflict");
                Assert.Equal(10, await world.ReadAsync(db => db.Transactions.CountAsync(t => t.UserId == person.Id)));
                Assert.Null(await AccountAsync(world, person));
            },
            ["POST /admin/users/{user_id}/transactions"] = async (world, method) =>
            {
                var person = await world.Hub.NewPersonAsync();
                var path = $"/admin/users/{person.Id}/transactions";
                var payment = WriteWorld.Name();
                await WriteWorld.SomeSucceedAsync(
                    1,
                    world.Admin,
                    method,
                    path,
                    _ => new
                    {
                        type = "deposit",
                        amount = 1,
                        payment_provider = "p",
                        payment_id = payment,
                    },
                    "conflict"
                );
                await WriteWorld.AllSucceedAsync(world.Admin, method, path, _ => new { type = "deposit", amount = 0.000000003m });
                await WriteWorld.SomeSucceedAsync(
                    10,
                    world.Admin,
                    method,
                    path,
                    _ => new { type = "usage", amount = 0.1m },
                    "insufficient_balance"
                );
                var account = await AccountAsync(world, person);
                Assert.Equal((150L, 1_000_000_000L), (account!.BalanceNanoUsd, account.TotalSpentNanoUsd));
            },
            ["PUT|PATCH /admin/transactions/{id}"] = async (world, method) =>
            {
                var person = await world.Hub.NewPersonAsync();
                var id = (await person.Client.SendAsync("POST", "/transactions/deposit", new { amount = 2.5 })).Body.Text("id");
                await WriteWorld.SomeSucceedAsync(
                    1,
                    world.Admin,
                    method,
                    $"/admin/transactions/{id}",
                    _ => new { status = "completed" },
                    "conflict"
                );
                Assert.Equal(2_500_000_000, (await AccountAsync(world, person))!.BalanceNanoUsd);
            },
        };

    private static Task<UserAccount?> AccountAsync(WriteWorld world, Person person) =>
        world.ReadAsync(db => db.UserAccounts.SingleOrDefaultAsync(a => a.UserId == person.Id));
}

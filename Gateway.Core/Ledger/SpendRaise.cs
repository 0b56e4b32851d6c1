using System.Globalization;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Ledger;

/// <summary>Money that was booked in a window of a budget past the node that pays from it, as the change log tells that node.</summary>
/// <param name="Charge">Which window.</param>
/// <param name="NanoUsd">How much came to it, nano-dollars.</param>
public readonly record struct SpendRaise(BudgetCharge Charge, long NanoUsd)
{
    private const char Separator = '/';

    /// <summary>What an entry of <see cref="ChangedEntities.BudgetSpend"/> carries beside the budget's id.</summary>
    public string ToEntityKey() =>
        string.Create(CultureInfo.InvariantCulture, $"{Charge.SubjectId}{Separator}{Charge.WindowStart:O}{Separator}{NanoUsd}");

    /// <summary>Reads an entry of <see cref="ChangedEntities.BudgetSpend"/>.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static SpendRaise Read(ChangeLogEntry entry) =>
        entry.EntityKey?.Split(Separator) is [var subject, var window, var amount]
            ? new SpendRaise(
                new BudgetCharge(
                    entry.EntityId,
                    subject,
                    DateTime.Parse(window, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)
                ),
                long.Parse(amount, CultureInfo.InvariantCulture)
            )
            : throw new FormatException($"The change {entry.Revision} does not say what was spent.");
}

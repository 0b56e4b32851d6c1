using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>People and services, what traffic wrote down of their money, and their accounts at other issuers.</summary>
internal sealed class UserMapping
    : IEntityTypeConfiguration<User>,
        IEntityTypeConfiguration<UserAccount>,
        IEntityTypeConfiguration<ExternalIdentity>
{
    public void Configure(EntityTypeBuilder<User> user)
    {
        user.ToTable("users");
        user.HasIndex(u => u.Email).IsUnique();
        user.HasIndex(u => u.UsernameKey).IsUnique();
        user.HasIndex(u => u.Phone).IsUnique();
        user.HasIndex(u => new { u.TierId, u.DeletedAt });
        user.HasIndex(u => new { u.TeamId, u.DeletedAt });
        user.HasIndex(u => new
            {
                u.DeletedAt,
                u.CreatedAt,
                u.Id,
                u.SearchKey,
                u.Role,
                u.TierId,
                u.IsActive,
                u.FreeTierStatus,
            })
            .HasDatabaseName("ix_users_list");
        user.HasIndex(u => new
            {
                u.CreatedAt,
                u.Id,
                u.SearchKey,
                u.Role,
                u.TierId,
                u.IsActive,
                u.FreeTierStatus,
            })
            .HasFilter("deleted_at IS NULL")
            .HasDatabaseName("ix_users_newest");
        user.HasIndex(u => new
            {
                u.SearchKey,
                u.Role,
                u.IsActive,
                u.FreeTierStatus,
            })
            .HasFilter("deleted_at IS NULL")
            .HasDatabaseName("ix_users_search");
        user.HasIndex(u => new
            {
                u.Role,
                u.TierId,
                u.IsActive,
                u.FreeTierStatus,
            })
            .HasFilter("deleted_at IS NULL")
            .HasDatabaseName("ix_users_counts");
        user.HasOne<Tier>().WithMany().HasForeignKey(u => u.TierId).OnDelete(DeleteBehavior.Restrict);
        user.HasOne<Team>().WithMany().HasForeignKey(u => u.TeamId).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<UserAccount> account)
    {
        account.ToTable("user_accounts");
        account.HasKey(a => a.UserId);
        account.HasIndex(a => a.UpdatedAt);
    }

    public void Configure(EntityTypeBuilder<ExternalIdentity> identity)
    {
        identity.ToTable("external_identities");
        identity.HasKey(i => new { i.Issuer, i.SubjectHash });
        identity.HasOne<User>().WithMany().HasForeignKey(i => i.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

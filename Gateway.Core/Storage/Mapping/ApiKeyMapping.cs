using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Core.Storage.Mapping;

/// <summary>Keys of <c>/v1</c>, and what traffic did with them.</summary>
internal sealed class ApiKeyMapping : IEntityTypeConfiguration<ApiKey>, IEntityTypeConfiguration<ApiKeyUsage>
{
    public void Configure(EntityTypeBuilder<ApiKey> key)
    {
        key.ToTable("api_keys");
        key.HasIndex(k => k.PublicId).IsUnique();
        key.HasOne<User>().WithMany().HasForeignKey(k => k.UserId).OnDelete(DeleteBehavior.Cascade);
        key.Property(k => k.AdminLimits)
            .HasConversion(
                limits => JsonSerializer.Serialize(limits, JsonSerializerOptions.Default),
                text => JsonSerializer.Deserialize<ApiKeyLimits>(text, JsonSerializerOptions.Default)
            );
    }

    public void Configure(EntityTypeBuilder<ApiKeyUsage> usage)
    {
        usage.ToTable("api_key_usage");
        usage.HasKey(u => new { u.ApiKeyId, u.ModelId });
    }
}

using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Gateway.Core.Storage.Migrations;

/// <summary>Chats, their messages and files, the profiles of users, and in the ledger the message that a call was made for.</summary>
[DbContext(typeof(HubDbContext))]
[Migration("20261130113000_Chats")]
internal sealed class Chats : Migration
{
    private static readonly string[] ProfileLists =
    [
        "values",
        "beliefs",
        "interests",
        "skills",
        "desires",
        "intentions",
        "likes",
        "dislikes",
        "loves",
        "hates",
    ];

    protected override void Up(MigrationBuilder migration)
    {
        CreateChats(migration);
        CreateMessages(migration);
        CreateTurns(migration);
        CreateFiles(migration);
        CreateProfiles(migration);
        migration.AddColumn<string>("chat_id", "usage_records", maxLength: 36, nullable: true);
        migration.AddColumn<string>("message_id", "usage_records", maxLength: 36, nullable: true);
    }

    protected override void Down(MigrationBuilder migration)
    {
        // By SQL: EF would make SQLite's table anew, from a model that hand-written migrations do not carry.
        migration.Sql("ALTER TABLE usage_records DROP COLUMN message_id");
        migration.Sql("ALTER TABLE usage_records DROP COLUMN chat_id");
        foreach (var table in new[] { "user_profiles", "file_parts", "files", "chat_turns", "chat_messages", "chats" })
        {
            migration.DropTable(table);
        }
    }

    private static void CreateChats(MigrationBuilder migration)
    {
        migration.CreateTable(
            "chats",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                title = table.Column<string>(maxLength: 255, nullable: false),
                title_key = table.Column<string>(maxLength: 510, nullable: false),
                model_used = table.Column<string>(maxLength: 255, nullable: true),
                folder_id = table.Column<string>(maxLength: 36, nullable: true),
                tags = table.Column<string>(nullable: false),
                is_favorite = table.Column<bool>(nullable: false),
                is_archived = table.Column<bool>(nullable: false),
                message_count = table.Column<int>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_chats", t => t.id);
                table.ForeignKey("fk_chats_user_id", t => t.user_id, "users", "id", onDelete: ReferentialAction.Cascade);
            }
        );
        migration.CreateIndex("ix_chats_list", "chats", ["user_id", "updated_at", "id", "is_archived", "is_favorite", "title_key"]);
    }

    private static void CreateMessages(MigrationBuilder migration)
    {
        migration.CreateTable(
            "chat_messages",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                chat_id = table.Column<string>(maxLength: 36, nullable: false),
                sequence_number = table.Column<int>(nullable: false),
                role = table.Column<string>(maxLength: 20, nullable: false),
                content = table.Column<string>(nullable: false),
                model_used = table.Column<string>(maxLength: 255, nullable: true),
                tokens_input = table.Column<long>(nullable: false),
                tokens_output = table.Column<long>(nullable: false),
                cost_nano_usd = table.Column<long>(nullable: false),
                attachments = table.Column<string>(nullable: false),
                metadata = table.Column<string>(nullable: false),
                is_incomplete = table.Column<bool>(nullable: false),
                is_failed = table.Column<bool>(nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_chat_messages", t => t.id);
                table.ForeignKey("fk_chat_messages_chat_id", t => t.chat_id, "chats", "id", onDelete: ReferentialAction.Cascade);
            }
        );
        migration.CreateIndex("ix_chat_messages_chat_id_sequence_number", "chat_messages", ["chat_id", "sequence_number"], unique: true);
    }

    private static void CreateTurns(MigrationBuilder migration)
    {
        migration.CreateTable(
            "chat_turns",
            table => new
            {
                chat_id = table.Column<string>(maxLength: 36, nullable: false),
                call_id = table.Column<string>(maxLength: 36, nullable: false),
                node_id = table.Column<string>(maxLength: 128, nullable: false),
                user_message_id = table.Column<string>(maxLength: 36, nullable: false),
                message_id = table.Column<string>(maxLength: 36, nullable: false),
                model_used = table.Column<string>(maxLength: 255, nullable: false),
                draft = table.Column<string>(nullable: false),
                started_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_chat_turns", t => t.chat_id);
                table.ForeignKey("fk_chat_turns_chat_id", t => t.chat_id, "chats", "id", onDelete: ReferentialAction.Cascade);
            }
        );
        migration.CreateIndex("ix_chat_turns_node_id", "chat_turns", "node_id");
    }

    private static void CreateFiles(MigrationBuilder migration)
    {
        migration.CreateTable(
            "files",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                filename = table.Column<string>(maxLength: 64, nullable: false),
                original_filename = table.Column<string>(maxLength: 255, nullable: false),
                mime_type = table.Column<string>(maxLength: 100, nullable: false),
                size = table.Column<long>(nullable: false),
                sha256 = table.Column<string>(maxLength: 64, nullable: false),
                store = table.Column<string>(maxLength: 16, nullable: false),
                chat_id = table.Column<string>(maxLength: 36, nullable: true),
                message_id = table.Column<string>(maxLength: 36, nullable: true),
                uploaded_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_files", t => t.id);
                table.ForeignKey("fk_files_user_id", t => t.user_id, "users", "id", onDelete: ReferentialAction.Cascade);
                table.ForeignKey("fk_files_chat_id", t => t.chat_id, "chats", "id", onDelete: ReferentialAction.SetNull);
                table.ForeignKey("fk_files_message_id", t => t.message_id, "chat_messages", "id", onDelete: ReferentialAction.SetNull);
            }
        );
        migration.CreateIndex("ix_files_user_id_uploaded_at_id", "files", ["user_id", "uploaded_at", "id"]);
        migration.CreateIndex("ix_files_chat_id", "files", "chat_id");
        migration.CreateIndex("ix_files_message_id", "files", "message_id");
        migration.CreateTable(
            "file_parts",
            table => new
            {
                file_id = table.Column<string>(maxLength: 36, nullable: false),
                part_number = table.Column<int>(nullable: false),
                content = table.Column<byte[]>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_file_parts", t => new { t.file_id, t.part_number });
            }
        );
    }

    private static void CreateProfiles(MigrationBuilder migration)
    {
        migration.CreateTable(
            "user_profiles",
            table => new
            {
                id = table.Column<string>(maxLength: 36, nullable: false),
                user_id = table.Column<string>(maxLength: 36, nullable: false),
                created_at = table.Column<DateTime>(nullable: false),
                updated_at = table.Column<DateTime>(nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_user_profiles", t => t.id);
                table.ForeignKey("fk_user_profiles_user_id", t => t.user_id, "users", "id", onDelete: ReferentialAction.Cascade);
            }
        );
        foreach (var list in ProfileLists)
        {
            migration.AddColumn<string>(list, "user_profiles", nullable: false, defaultValue: "[]");
        }
        migration.CreateIndex("ix_user_profiles_user_id", "user_profiles", "user_id", unique: true);
    }
}

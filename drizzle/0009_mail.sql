CREATE TABLE "suppression_removals" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "suppression_removals_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"address" text NOT NULL,
	"scope" text NOT NULL,
	"campaign_id" integer,
	"suppressed_reason" text NOT NULL,
	"source" text NOT NULL,
	"suppressed_at" timestamp with time zone NOT NULL,
	"reason" text NOT NULL,
	"removed_by" integer,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "created_by" integer;--> statement-breakpoint
ALTER TABLE "suppressions" ADD COLUMN "created_by" integer;--> statement-breakpoint
ALTER TABLE "suppression_removals" ADD CONSTRAINT "suppression_removals_removed_by_users_id_fk" FOREIGN KEY ("removed_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_created_by_users_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;
ALTER TABLE "campaign_messages" ADD COLUMN "held_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "planned_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "campaign_messages_held" ON "campaign_messages" USING btree ("held_at") WHERE state = 'held';
CREATE TABLE "sending_nodes" (
	"id" text PRIMARY KEY NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "campaign_messages_due";--> statement-breakpoint
CREATE INDEX "sending_nodes_seen" ON "sending_nodes" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "campaign_messages_due" ON "campaign_messages" USING btree ("campaign_id","account_id","due_at","id") WHERE state = 'planned';
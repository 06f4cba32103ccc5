DROP TABLE "mail_domains" CASCADE;--> statement-breakpoint
ALTER TABLE "batch_items" ADD COLUMN "errors" integer DEFAULT 0 NOT NULL;
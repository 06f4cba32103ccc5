ALTER TABLE "campaign_messages" ADD COLUMN "chosen_status" text;--> statement-breakpoint
ALTER TABLE "campaign_messages" ADD COLUMN "chosen_stage" text;--> statement-breakpoint
-- Of mails that wait already, what their company became before is not known: it counts from now on.
UPDATE "campaign_messages" m SET "chosen_status" = c."status", "chosen_stage" = c."stage" FROM "companies" c
  WHERE c."id" = m."company_id" AND m."state" IN ('planned', 'held', 'claimed');

DROP INDEX "companies_level";--> statement-breakpoint
DROP INDEX "tracking_events_campaign";--> statement-breakpoint
CREATE INDEX "companies_list_level" ON "companies" USING btree ("score_level","id") WHERE deleted_at IS NULL;--> statement-breakpoint
CREATE INDEX "tracking_events_numbers" ON "tracking_events" USING btree ("campaign_id","type","verdict","message_id") WHERE campaign_id IS NOT NULL;
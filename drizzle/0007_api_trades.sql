DROP INDEX "companies_sector";--> statement-breakpoint
CREATE INDEX "companies_trade" ON "companies" USING btree (coalesce(sector, category),"id") WHERE deleted_at IS NULL;
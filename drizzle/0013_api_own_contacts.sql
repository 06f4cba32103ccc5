DROP INDEX "companies_reached_by";--> statement-breakpoint
CREATE INDEX "companies_email" ON "companies" USING btree (lower(email)) WHERE deleted_at IS NULL AND email IS NOT NULL;--> statement-breakpoint
CREATE INDEX "companies_contact_email" ON "companies" USING btree (lower(contact_email)) WHERE deleted_at IS NULL AND contact_email IS NOT NULL;--> statement-breakpoint
CREATE INDEX "companies_phone" ON "companies" USING btree ("phone_e164") WHERE deleted_at IS NULL AND phone_e164 IS NOT NULL;--> statement-breakpoint
CREATE INDEX "companies_contact_phone" ON "companies" USING btree ("contact_phone") WHERE deleted_at IS NULL AND contact_phone IS NOT NULL;
"""Mail: reading threads, keeping drafts in the seller's own mailbox."""

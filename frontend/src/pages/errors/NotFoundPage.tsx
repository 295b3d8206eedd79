/** An address that leads nowhere. */
import { ButtonLink } from '~/components/links';
import { PageHeader } from '~/components/PageHeader';

export function NotFoundPage() {
  return (
    <>
      <PageHeader
        title="There is no page here"
        description="The address may have been typed wrongly, or the page may have moved. Everything can be reached from the home page."
      />
      <ButtonLink to="/">Go to the home page</ButtonLink>
    </>
  );
}
